"""The zip that Gradescope makes an image from: setup, run script, the grader, one assignment and its tests."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from autograder.course import other_files
from autograder.fingerprint import course_modules
from autograder.gradescope.requirements import constraints, own_files, project
from autograder.gradescope.settings import NAME, Settings
from autograder.notebook.assignment import Assignment

FILES = Path(__file__).resolve().parent / "files"
SCRIPTS = ("setup.sh", "run_autograder")
PROGRAM, TEXT, SECRET = 0o755, 0o644, 0o600
# The earliest time that a zip can hold, for all files, so that equal contents make equal zips.
TIME = (1980, 1, 1, 0, 0, 0)
README = """This is the autograder of {name} for Gradescope; upload the zip as it is, under "Configure Autograder".

It holds the hidden tests, the reference and the key of the hidden inputs: give it to nobody who submits.
setup.sh           makes the image: the sandbox's system packages, a Python environment, the grader
run_autograder     grades one submission
settings.json      visibility and time limits; the rest is made from the course, so make a new zip after a change
constraints.txt    the versions of packages that the zip was made with
"""


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    facts = zipfile.ZipInfo(name, TIME)
    facts.create_system = 3  # Unix, whose modes these are
    facts.external_attr = (0o100000 | mode) << 16
    facts.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(facts, content)


def _course_files(assignments: Sequence[Assignment]) -> dict[str, bytes]:
    """Return the part of the course that grading one assignment needs, by names below its folder."""
    name, course = assignments[0].name, assignments[0].course
    files = {f"source/{name}/{one.notebook_name}.ipynb": one.notebook.content for one in assignments}
    if course is not None:
        folder = course / "source" / name
        files |= {f"source/{name}/{path.relative_to(folder)}": path.read_bytes() for path in other_files(folder)}
    modules = {path: place.read_bytes() for path, place in course_modules(assignments).items()}
    if any(path.startswith("solutions/") for path in modules):
        modules.setdefault("solutions/__init__.py", b"")
    return files | modules


def autograder_zip(assignments: Sequence[Assignment], settings: Settings, key: bytes) -> bytes:
    """Return the zip for one assignment.

    assignments: its notebooks. key: what hidden inputs are drawn from there; not the course's own secret.
    Raises PackagingError if the grader itself can't be packed, OSError if a file of the course can't be read.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in SCRIPTS:
            _add(archive, name, (FILES / name).read_bytes(), PROGRAM)
        _add(archive, "README.txt", README.format(name=settings.assignment).encode(), TEXT)
        _add(archive, NAME, settings.text().encode(), TEXT)
        _add(archive, "constraints.txt", constraints().encode(), TEXT)
        _add(archive, "package/pyproject.toml", project().encode(), TEXT)
        for name, path in own_files().items():
            _add(archive, f"package/{name}", path.read_bytes(), TEXT)
        for name, content in sorted(_course_files(assignments).items()):
            _add(archive, f"course/{name}", content, SECRET)
        _add(archive, "course/.autograder/secret", key.hex().encode(), SECRET)
    return made.getvalue()
