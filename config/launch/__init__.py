"""The launcher: what `./lectern` does on a machine that has nothing but Python.

`setup` makes the virtual environment and is plain standard library; everything else runs inside it.
"""
