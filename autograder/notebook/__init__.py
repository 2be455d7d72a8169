"""Notebook files: reading them whatever they hold, and matching a submission with its assignment."""
