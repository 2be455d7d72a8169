"""The repository as a whole: no trace of one machine, files and functions of a size to read, documents that hold."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.notebooks import ROOT
from helpers.slowest import SLOWEST

from autograder.cli.verbs import VERBS

MOST_LINES = 300
MOST_FUNCTION_LINES = 40
# Put together here, so that this file does not mention them itself.
OF_ONE_MACHINE = [
    "".join(parts)
    for parts in (
        ("py", "pi.org"), ("python", "hosted"), ("conda", ".anaconda"), ("file", ":///"),
        ("/wo", "rk/"), ("/ro", "ot/"), ("/tm", "p/w"), ("/ho", "me/"), ("/opt/", "wheels"),
    )
]  # fmt: skip
READ_BY_PEOPLE = ("autograder", "solutions", "tests", "benchmarks", "packaging", "tools")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _repository() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True)
    if listed.returncode:
        pytest.skip("not a checkout of git's")
    # A file that is gone but not yet committed as gone is not looked at.
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.fixture(scope="module")
def repository() -> list[Path]:
    """Every file that git keeps."""
    return _repository()


def _python(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py") if "build" not in path.parts)


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _definitions(path: Path) -> Iterator[Definition]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from (node for node in ast.walk(tree) if isinstance(node, Definition))


def _length(function: Definition) -> int:
    """Return a definition's lines from its `def` to its end, without its docstring."""
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    text = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - text


def test_no_file_names_a_registry_or_a_place_of_one_machine(repository: list[Path]) -> None:
    """No file that git keeps mentions a package registry's host, or a folder that only its author has."""
    found = [
        (_named(path), word) for path in repository for word in OF_ONE_MACHINE if word.encode() in path.read_bytes()
    ]
    assert found == []


def test_no_file_is_generated_or_left_over(repository: list[Path]) -> None:
    """Git keeps no caches, databases, secrets, builds, or notebooks' checkpoints."""
    unwanted = re.compile(r"(\.pyc|\.db|\.log|\.whl|~|\.orig|\.rej)$|/?(__pycache__|\.autograder|\.ipynb_checkpoints)/")
    assert [name for name in map(_named, repository) if unwanted.search(name)] == []


def test_files_have_at_most_300_lines(repository: list[Path]) -> None:
    """Every source file of the packages and tests can be read in one sitting."""
    ours = [path for path in repository if path.relative_to(ROOT).parts[0] in READ_BY_PEOPLE]
    assert len(ours) > 100
    lines = {_named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in ours}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_functions_have_at_most_40_lines() -> None:
    """Every function, without its docstring, fits on a screen."""
    long = {
        f"{_named(path)}:{node.name}": _length(node)
        for path in _python(*READ_BY_PEOPLE)
        for node in _definitions(path)
        if not isinstance(node, ast.ClassDef) and _length(node) > MOST_FUNCTION_LINES
    }
    assert long == {}


def _public(path: Path) -> Iterator[Definition]:
    """Yield what other modules may use: public functions, classes, and their public methods."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, Definition) or node.name.startswith("_"):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from (each for each in node.body if isinstance(each, Definition) and not each.name.startswith("_"))


def test_what_is_public_says_what_it_is() -> None:
    """Every module, public class, function and method of autograder and solutions has a docstring."""
    paths = _python("autograder", "solutions")
    silent = [
        f"{_named(path)}:{node.name}"
        for path in paths
        for node in _public(path)
        if not ast.get_docstring(node) and "overload" not in map(ast.unparse, node.decorator_list)
    ]
    silent += [_named(path) for path in paths if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def test_every_test_states_its_rule() -> None:
    """Every test has a docstring of one line, or one that begins with one."""
    silent = [
        f"{_named(path)}:{node.name}"
        for path in _python("tests")
        if path.name.startswith("test_")
        for node in _definitions(path)
        if node.name.startswith("test_") and not (ast.get_docstring(node) or "").split("\n")[0].endswith(".")
    ]
    assert silent == []


# --- documents ------------------------------------------------------------------------------------


def _documents() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _code(text: str) -> str:
    """Return what a document shows as typed: its shell blocks, and a line for each piece of inline code."""
    return "\n".join(block or inline for block, inline in re.findall(r"(?ms)^```sh\n(.*?)^```|`([^`\n]+)`", text))


def test_the_commands_of_the_documents_exist() -> None:
    """Each `make TARGET` and each `autograder VERB` in README and CONTRIBUTING can be typed."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    verbs = {verb.name for verb in VERBS}
    assert {"demo", "test", "check"} <= targets
    assert {"demo", "run", "grade", "doctor"} <= verbs
    for path in _documents():
        code = _code(path.read_text(encoding="utf-8"))
        typed = set(re.findall(r"\bmake ([a-z][a-z-]*)", code))
        assert typed <= targets, path.name
        assert set(re.findall(r"^(?:\S*/)?autograder ([a-z]+)", code, re.MULTILINE)) <= verbs, path.name


def test_the_options_of_the_documents_exist() -> None:
    """Each option that README gives to `autograder` is one of its parser's."""
    declared = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "autograder" / "cli").rglob("*.py"))
    for path in _documents():
        for line in re.findall(r"^autograder .*$", path.read_text(encoding="utf-8"), re.MULTILINE):
            for option in re.findall(r"(?<=\s)--[a-z-]+", line):
                assert f'"{option}"' in declared, (path.name, option)


def test_the_links_of_the_documents_lead_somewhere() -> None:
    """Each file that a document links to, or names in its table of files, exists."""
    broken = []
    for path in _documents():
        text = path.read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
        named = re.findall(r"`((?:autograder|solutions|source|release|tests|docs|tools|benchmarks)/[\w./-]*)`", text)
        local = [path.parent / link for link in links if not re.match(r"https?:", link)]
        # What is named stands in the checkout, but for the set that the page on authoring makes.
        local += [ROOT / name for name in named if "ps6_outer" not in name]
        broken += [(path.name, str(place)) for place in local if not place.exists()]
    assert broken == []


def test_ci_runs_the_documented_command() -> None:
    """.ci/run is executable and calls the README's test command."""
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text(encoding="utf-8").splitlines()
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_slowest_files_exist() -> None:
    """Every file that is to be begun first is there."""
    assert [name for name in SLOWEST if not (ROOT / "tests" / name).is_file()] == []


def test_the_licence_is_the_one_that_is_named() -> None:
    """LICENSE is the BSD-3-Clause text that pyproject.toml names."""
    assert 'license = "BSD-3-Clause"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Redistributions in binary form" in text
    assert "Neither the name of" in text
