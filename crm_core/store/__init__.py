"""Where rows live: the database, the rows of the core, and the way from a row to a value.

Plugins import from here in their `rows.py` and `store.py`, and nowhere else.
"""
