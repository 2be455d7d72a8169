"""Stands before the real one, which parses a grammar for seconds wherever nbgrader starts; nothing needs it."""

raise ImportError
