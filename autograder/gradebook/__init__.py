"""nbgrader's gradebook: read at a glance, written in batches, a person's entries left as they are.

It is spoken to through SQLAlchemy, on SQLite and PostgreSQL alike, without importing nbgrader, which takes
seconds; nbgrader itself makes a new gradebook and decides what a student's copy of a cell looks like.
"""
