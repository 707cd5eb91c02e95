"""Readers of real data: one small mapping for each data set, all of them here.

Each yields pieces one by one from the folder named by `--data` (or `LECTERN_DATA`); a file that
is missing or not in its known shape is `CannotReadData`, which names the file and the place.
Nothing that is read is kept in this repository.
"""
