"""The errors of the library: what a program that grades can catch, all of one class."""


class GradingError(Exception):
    """Nothing could be graded; the message says why, and what to do.

    What is wrong with one submission is no exception but that submission's result.
    """


class ExtensionError(GradingError):
    """A check, writer or sandbox backend of another package is missing, can't be loaded, or has not the right form."""
