"""How fast Lectern is, measured on a PostgreSQL of its own: `./lectern bench --help-all`.

Figures of a shared machine say little by themselves. What counts here: CPU per operation,
numbers of statements, and ratios between runs that were interleaved in the same minutes.
"""
