"""The verbs of the command line, as a table: a name, what it does in a line, and the module that knows more.

A verb's module has `add_arguments(parser)` and `carry_out(arguments, parser)`, which returns the exit status. It is
imported only when its verb is typed, and imports what does the work only when that is carried out.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verb:
    """One verb: its name, what it does in a line, its module below this package."""

    name: str
    summary: str

    @property
    def module(self) -> str:
        """The full name of the verb's module."""
        return f"{__name__}.{self.name}"


VERBS = (
    Verb("demo", "make a course with sample submissions, grade it, show the scores"),
    Verb("run", "grade notebook files, or folders of them"),
    Verb("grade", "grade a course's submissions into its gradebook"),
    Verb("feedback", "make a page for each student: what was checked, what came of it, what to read again"),
    Verb("report", "show an instructor how the class did: a page on a set, or on the course"),
    Verb("export", "write a gradebook for an LMS, or the autograder for Gradescope"),
    Verb("verify", "test a problem set's tests"),
    Verb("compat", "look which tests of an existing course run trusted, which cannot, and why"),
    Verb("new", "make a new problem set: module, notebook, tests"),
    Verb("doctor", "show which isolation this machine gives, and what to do about the rest"),
)
