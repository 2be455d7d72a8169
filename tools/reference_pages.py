"""The pages of reference, made of the program itself: what `--help` says, and what the docstrings say.

    python tools/reference_pages.py FOLDER

`make docs` does it; the pages are not kept in git, so that they can't be older than the program.
"""

import contextlib
import importlib
import io
import os
import sys
from pathlib import Path
from unittest.mock import patch

from autograder.cli.main import main
from autograder.cli.verbs import VERBS

# What others may use, by page: the module that names it, and the names; None for all that it makes public.
CHECKS = ("check", "CheckResult", "check_gradient", "GradientCheck", "GradientChecks")
PICTURES = ("blame", "Blame", "blame_steps", "BlameSteps")
FOUND = ("Report", "SubmissionResult", "ExerciseResult", "Check", "Diagnosis", "Isolation", "Status")
PROGRAMS = {
    "Checks, for students and in notebooks": ("autograder", (*CHECKS, *PICTURES)),
    "Grading from a program": ("autograder", ("grade", "Limits", "GradingError", "ExtensionError")),
    "What grading finds": ("autograder", FOUND),
}
SETS = {"Declaring exercises": ("autograder.exercises", None)}
COURSES = {
    "nbgrader_config.py": ("autograder.pages", ("make_pages_inert",)),
    "Releases that open anywhere": ("autograder.releasing", ("install_where_needed",)),
    "Learning management systems": ("autograder.lms", ("collect_from_lms",)),
}
EXTENSIONS = {
    "A check (entry point autograder.checks)": ("autograder.exercises.further", ("FurtherCheck",)),
    "A writer (entry point autograder.writers)": ("autograder.writers.text", ("inert",)),
    "A sandbox backend (entry point autograder.backends)": ("autograder.sandbox.provided", ("SandboxBackend",)),
    "What a backend starts": ("autograder.sandbox.backend", ("Start",)),
}
PAGES = {
    "programs": ("Reference: in notebooks and programs", PROGRAMS),
    "exercises": ("Reference: declaring exercises", SETS),
    "courses": ("Reference: a course's configuration", COURSES),
    "extensions": ("Reference: extensions", EXTENSIONS),
}
WIDTH = "100"


def help_of(*words: str) -> str:
    """Return what the command says with `--help`."""
    said = io.StringIO()
    # argparse breaks lines by the terminal's width.
    with patch.dict(os.environ, {"COLUMNS": WIDTH}), contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        main([*words, "--help"])
    return said.getvalue().rstrip()


def command_page() -> str:
    """Return the page of the command line: every verb's help as it is printed."""
    parts = ["# Reference: the command line", "Made of what `--help` prints.", f"```text\n{help_of()}\n```"]
    for verb in VERBS:
        parts += [f"## autograder {verb.name}", f"```text\n{help_of(verb.name)}\n```"]
    return "\n\n".join(parts) + "\n"


def _directive(module: str, name: str) -> str:
    thing = getattr(importlib.import_module(module), name)
    kind = "autoclass" if isinstance(thing, type) else "autofunction" if callable(thing) else "autodata"
    return f".. {kind}:: {module}.{name}\n"


def names_of(module: str, names: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the names that a page tells of one module."""
    public: tuple[str, ...] = tuple(importlib.import_module(module).__all__) if names is None else names
    return public


def docstring_page(title: str, sections: dict[str, tuple[str, tuple[str, ...] | None]]) -> str:
    """Return a page of what docstrings say."""
    parts = [f"# {title}", "Made of the docstrings."]
    for heading, (module, names) in sections.items():
        directives = "\n".join(_directive(module, name) for name in names_of(module, names))
        parts += [f"## {heading}", f"From `{module}`:", f"```{{eval-rst}}\n{directives}```"]
    return "\n\n".join(parts) + "\n"


def pages() -> dict[str, str]:
    """Return the pages by file name."""
    made = {"command-line.md": command_page()}
    return made | {f"{name}.md": docstring_page(*page) for name, page in PAGES.items()}


def write_pages(folder: Path) -> None:
    """Write the pages, leaving alone those that are the same already."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
