"""Pictures that the project draws itself, so that what is true of them is known.

The visual data sets hold questions only. The same question and seed give the same bytes.
"""
