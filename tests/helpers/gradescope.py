"""A strict reader of Gradescope's results.json and of its zip, from the words of its "Autograder Specifications"."""

import json
import math
import stat
import zipfile
from pathlib import Path
from typing import Any

FORMATS = {"text", "html", "simple_format", "md", "ansi"}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
OF_RESULTS = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
    "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
OF_TESTS = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}  # fmt: skip
CHOICES = {
    "output_format": FORMATS,
    "test_output_format": FORMATS,
    "test_name_format": FORMATS,
    "name_format": FORMATS,
    "visibility": VISIBILITIES,
    "stdout_visibility": VISIBILITIES,
    "status": {"passed", "failed"},
}
TEXTS = ("output", "name", "number")
NUMBERS = ("score", "max_score", "execution_time")


def _faults_in(data: dict[str, Any], known: set[str], where: str) -> list[str]:
    faults = [f"{where}: {key} is no key of the format" for key in data.keys() - known]
    faults += [f"{where}: {key} is {data[key]!r}" for key in data if key in CHOICES and data[key] not in CHOICES[key]]
    faults += [f"{where}: {key} is no text" for key in TEXTS if key in data and not isinstance(data[key], str)]
    for key in NUMBERS:
        value = data.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            faults.append(f"{where}: {key} is {value!r}, no number")
    return faults


def faults(text: str) -> list[str]:
    """Return everything about a results.json that is not as the format says, or that should be off."""
    try:
        data = json.loads(text)
    except ValueError as error:
        return [f"no JSON: {error}"]
    if not isinstance(data, dict):
        return ["no object"]
    found = _faults_in(data, OF_RESULTS, "results")
    tests = data.get("tests", [])
    if not isinstance(tests, list) or not all(isinstance(test, dict) for test in tests):
        return [*found, "tests is no list of objects"]
    for place, test in enumerate(tests):
        found += _faults_in(test, OF_TESTS, f"test {place}")
        if "score" not in data and "score" not in test:
            found.append(f"test {place}: no score here, and none at the top")
    if not tests and "score" not in data:
        found.append("neither a score nor tests")
    if "leaderboard" in data:
        found.append("the leaderboard is on")
    return found


def results_in(path: Path) -> dict[str, Any]:
    """Read a results.json that must be without fault."""
    text = path.read_text(encoding="utf-8")
    assert faults(text) == []
    read: dict[str, Any] = json.loads(text)
    return read


def zip_faults(path: Path) -> list[str]:
    """Return everything that would keep Gradescope from building an image from a zip."""
    found = []
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:
            found.append("a damaged entry")
        entries = {facts.filename: facts for facts in archive.infolist()}
        for name in ("setup.sh", "run_autograder"):
            if name not in entries:
                found.append(f"no {name} at the root")
                continue
            content = archive.read(name)
            found += [f"{name} has no #! line"] if not content.startswith(b"#!") else []
            found += [f"{name} has Windows line ends"] if b"\r" in content else []
            mode = entries[name].external_attr >> 16
            found += [f"{name} is not executable"] if not mode & stat.S_IXUSR else []
    return found


def unpacked(path: Path, folder: Path) -> Path:
    """Lay a zip out as Gradescope's image has it, modes included, and return the folder that plays /autograder."""
    source = folder / "source"
    for name in ("source", "submission", "results"):
        (folder / name).mkdir(parents=True)
    with zipfile.ZipFile(path) as archive:
        for facts in archive.infolist():
            place = Path(archive.extract(facts, source))
            place.chmod(facts.external_attr >> 16 & 0o777)
    (folder / "run_autograder").write_bytes((source / "run_autograder").read_bytes())
    (folder / "run_autograder").chmod(0o755)
    return folder
