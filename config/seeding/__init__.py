"""Worlds made through operations, for checks and for a first look around."""
