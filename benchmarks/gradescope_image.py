"""Makes Gradescope's image for a set as Gradescope does, packages from the index included, and grades with it.

    python benchmarks/gradescope_image.py [--set ps5_two_layer]

The folder that plays /autograder, and its Python environment, are made anew and thrown away.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def run(command: list[str | Path], folder: Path, **variables: str) -> str:
    """Run a command that must succeed, and return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    done = subprocess.run(  # noqa: S603 - what was just made
        command,
        cwd=folder,
        env={**kept, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    if done.returncode:
        print(done.stdout)
        sys.exit(f"{command[0]} ended with {done.returncode}")
    return done.stdout


def image(name: str, place: Path) -> tuple[Path, dict[str, str]]:
    """Export a set, and lay it out and set it up as Gradescope does; return the folder and its environment."""
    program = Path(sys.executable).parent / "autograder"
    run([program, "export", "gradescope", name, "--visibility", "visible", "--output", place / "a.zip"], ROOT)
    root = place / "autograder"
    for part in ("source", "submission", "results"):
        (root / part).mkdir(parents=True)
    with zipfile.ZipFile(place / "a.zip") as archive:
        archive.extractall(root / "source")
    shutil.copyfile(root / "source" / "run_autograder", root / "run_autograder")
    (root / "run_autograder").chmod(0o755)
    variables = {"AUTOGRADER_ROOT": str(root), "AUTOGRADER_VENV": str(place / "venv")}
    run(["bash", root / "source" / "setup.sh"], root, **variables)
    return root, variables


def graded(root: Path, variables: dict[str, str], notebook: Path) -> dict[str, Any]:
    """Hand a notebook in, and return its results."""
    shutil.copyfile(notebook, root / "submission" / "homework.ipynb")
    print(run([root / "run_autograder"], root, **variables).splitlines()[-1])
    results: dict[str, Any] = json.loads((root / "results" / "results.json").read_text())
    return results


def main() -> None:
    """Make the image, grade the solutions and the release, and print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", default="ps5_two_layer", dest="name")
    name = parser.parse_args().name
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        started = time.monotonic()
        root, variables = image(name, place)
        print(f"the image of {name}: {time.monotonic() - started:.1f} s")
        for kind, wanted in (("source", 1.0), ("release", 0.0)):
            started = time.monotonic()
            tests = graded(root, variables, ROOT / kind / name / f"{name}.ipynb")["tests"]
            score, most = sum(test["score"] for test in tests), sum(test["max_score"] for test in tests)
            print(f"{kind}: {score:g} of {most:g} points, {time.monotonic() - started:.1f} s")
            if score != wanted * most or not tests:
                sys.exit(f"{kind} should have {wanted * most:g} points")


if __name__ == "__main__":
    main()
