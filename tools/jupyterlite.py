"""Build a JupyterLite site of the released notebooks: Jupyter and Python in the browser, with nothing to install.

    python tools/jupyterlite.py FOLDER [--pyodide FOLDER]

Python for the browser (Pyodide) is loaded by each browser from Pyodide's public server, unless `--pyodide` names an
unpacked release of it, which then becomes part of the site.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = {"jupyterlite_core": "jupyterlite-core", "jupyterlite_pyodide_kernel": "jupyterlite-pyodide-kernel"}
# What an unpacked release of Pyodide is known by.
OF_PYODIDE = ("pyodide.js", "pyodide-lock.json")
# All that students need of what extends JupyterLab here: nbgrader's buttons would ask a server that is not there.
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "jupyterlab_pygments")
NOT_BUILT = shutil.ignore_patterns(
    ".*", "__pycache__", "*.egg-info", "build", "dist", "tests", "docs", "lite", "source"
)


class MissingError(Exception):
    """A part of the site can't be had; the message says which, and what to do."""


def missing_parts(pyodide: Path | None) -> list[str]:
    """Return what can't be had, each with what to do."""
    found = [
        f"{package} is not installed: pip install 'backprop-autograder[lite]'"
        for module, package in NEEDED.items()
        if find_spec(module) is None
    ]
    if not any((ROOT / "release").glob("*/*.ipynb")):
        found.append(f"there is no released notebook in {ROOT / 'release'}: make release-notebooks")
    if pyodide is not None:
        found += [
            f"{pyodide} is no unpacked release of Pyodide: it has no {name}"
            for name in OF_PYODIDE
            if not (pyodide / name).is_file()
        ]
    return found


def make_wheel(folder: Path) -> Path:
    """Build the light package's wheel as it is published. Raises MissingError if that fails."""
    with tempfile.TemporaryDirectory() as place:
        checkout = Path(place) / "checkout"
        shutil.copytree(ROOT, checkout, ignore=NOT_BUILT)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), "."]
        environment = {**os.environ, "AUTOGRADER_RELEASE": "1"}
        done = subprocess.run(command, cwd=checkout, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 - a fixed command
    wheels = sorted(folder.glob("backprop_autograder-*-py3-none-any.whl"))
    if done.returncode or not wheels:
        msg = f"the light package's wheel could not be built:\n{done.stderr.strip()}"
        raise MissingError(msg)
    return wheels[0]


def gather(contents: Path) -> list[str]:
    """Copy the released notebooks into a folder, and return their names."""
    names = []
    for path in sorted((ROOT / "release").glob("*/*.ipynb")):
        shutil.copyfile(path, contents / path.name)
        names.append(path.name)
    return names


def build_command(contents: Path, wheel: Path, output: Path, pyodide: Path | None) -> list[str]:
    """Return the command that builds the site."""
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--contents", str(contents)]
    command += ["--piplite-wheels", str(wheel), "--output-dir", str(output), "--no-sourcemaps"]
    command += ["--no-unused-shared-packages"]
    return command + (["--pyodide", str(pyodide)] if pyodide else [])


def configuration() -> dict[str, object]:
    """Return what JupyterLite reads beside its command line: which extensions of those installed here it takes."""
    installed = [Path(sys.prefix) / "share" / "jupyter" / "labextensions" / name for name in EXTENSIONS]
    taken = [str(path) for path in installed if path.is_dir()]
    return {"LiteBuildConfig": {"ignore_sys_prefix": ["federated_extensions"], "federated_extensions": taken}}


def build(output: Path, pyodide: Path | None) -> list[str]:
    """Build the site, and return the notebooks that are on it. Raises MissingError where a part can't be had."""
    if missing := missing_parts(pyodide):
        raise MissingError("\n".join(missing))
    with tempfile.TemporaryDirectory() as place:
        contents, wheels = Path(place) / "contents", Path(place) / "wheels"
        for folder in (contents, wheels):
            folder.mkdir()
        names = gather(contents)
        (Path(place) / "jupyter_lite_config.json").write_text(json.dumps(configuration()), encoding="utf-8")
        command = build_command(contents, make_wheel(wheels), output.resolve(), pyodide and pyodide.resolve())
        done = subprocess.run(command, cwd=place, check=False, capture_output=True, text=True)  # noqa: S603 - a fixed command
    if done.returncode:
        msg = f"JupyterLite could not build the site:\n{(done.stdout + done.stderr).strip()[-4000:]}"
        raise MissingError(msg)
    return names


def main() -> int:
    """Build the site that the command line asks for, and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, help="where the site is made")
    parser.add_argument("--pyodide", type=Path, help="an unpacked release of Pyodide to put into the site")
    arguments = parser.parse_args()
    try:
        names = build(arguments.folder, arguments.pyodide)
    except MissingError as error:
        sys.stderr.write(f"the site can't be built:\n{error}\n")
        return 1
    sys.stdout.write(f"{len(names)} notebooks in {arguments.folder}: {', '.join(names)}\n")
    if arguments.pyodide is None:
        from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

        told = f"browsers load Pyodide {PYODIDE_VERSION} from its public server"
        sys.stdout.write(f"{told}; --pyodide FOLDER puts a release of it into the site\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
