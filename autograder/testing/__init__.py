"""Submissions in pytest: graded checks as items, and a submission's functions for an instructor's own tests."""
