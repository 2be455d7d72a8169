"""The image file: it takes nothing from a course but the grader, and what it runs can be run."""

import re
import shlex
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest
from helpers.notebooks import ROOT

TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
INSTRUCTIONS = [
    (line.split(maxsplit=1)[0], line.split(maxsplit=1)[1])
    for line in re.sub(r"(?m)^#.*\n", "", TEXT).replace("\\\n", "").splitlines()
    if line.strip()
]


def _allowed(name: str) -> bool:
    """Tell whether .dockerignore lets a file at this path into the build, as Docker reads it: the last rule counts."""
    allowed = True
    for rule in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = rule.lstrip("!")
        parts = Path(name).parts
        above = ["/".join(parts[: number + 1]) for number in range(len(parts))]
        anywhere = pattern.startswith("**/")
        hit = any(fnmatch(part, pattern[3:]) for part in parts) if anywhere else any(one == pattern for one in above)
        if rule and not rule.startswith("#") and (hit or pattern == "*"):
            allowed = rule.startswith("!")
    return allowed


def test_the_image_file_has_its_parts() -> None:
    """Known instructions, one entry point that is the command, and everything copied is there."""
    assert {name for name, _ in INSTRUCTIONS} <= {"ARG", "FROM", "COPY", "WORKDIR", "RUN", "ENTRYPOINT", "CMD"}
    assert ("ENTRYPOINT", '["autograder"]') in INSTRUCTIONS
    for name, words in INSTRUCTIONS:
        if name == "COPY":
            source = words.split()[0]
            assert (ROOT / source).exists()
            assert source == "." or _allowed(source)


def test_the_image_has_what_the_sandbox_needs() -> None:
    """The packages are those that tools/prepare installs, and what the ready CI files call."""
    (installed,) = [words for name, words in INSTRUCTIONS if name == "RUN" and "apt-get" in words]
    prepared = (ROOT / "tools" / "prepare").read_text()
    for package in ("bubblewrap", "libseccomp2"):
        assert package in installed.split()
        assert package in prepared
    assert {"git", "curl", "ca-certificates"} <= set(installed.split())


@pytest.mark.parametrize(
    "name",
    [".autograder/secret", "gradebook.db", "submitted/alice/ps1/ps1.ipynb", "autograded/x", ".git/config", "roster.csv",
     "tests/conftest.py", "autograder/__pycache__/x.pyc", "solutions/__pycache__/x.pyc", "packaging/solutions/build/x"],
)  # fmt: skip
def test_nothing_of_a_course_gets_into_the_image(name: str) -> None:
    """No secret, gradebook, submission, roster or leftover is sent to the build."""
    assert not _allowed(name)


@pytest.mark.parametrize(
    "name", ["autograder/cli/main.py", "solutions/mistakes/__init__.py", "source/x/x.ipynb", "setup.py"]
)
def test_what_the_wheels_are_made_of_gets_into_the_build(name: str) -> None:
    """The reading of .dockerignore in these tests lets through what must be there."""
    assert _allowed(name)


def test_the_wheels_are_built_as_in_the_tests_of_wheels() -> None:
    """The build's command is the one by which tests/packaging makes both wheels, and it is given all that they hold."""
    (build,) = [words for name, words in INSTRUCTIONS if name == "RUN" and "pip wheel" in words]
    made = (ROOT / "tests" / "packaging" / "test_light_install.py").read_text(encoding="utf-8")
    words = ("wheel", "--quiet", "--no-deps", "--wheel-dir")
    assert shlex.split(build)[:8] == ["AUTOGRADER_RELEASE=1", "python", "-m", "pip", *words]
    assert shlex.split(build)[9:] == [".", "./packaging/solutions"]
    assert ", ".join(f'"{word}"' for word in words) in made
    assert '".", "./packaging/solutions"' in made
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    parts = ("autograder", "solutions", "source", "packaging")
    needed = [name for name in listed.stdout.split("\0") if Path(name).parts[:1] and Path(name).parts[0] in parts]
    needed += ["pyproject.toml", "setup.py", "README.md", "LICENSE", "constraints.txt"]
    assert [name for name in needed if not _allowed(name)] == []
