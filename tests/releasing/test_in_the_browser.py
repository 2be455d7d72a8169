"""The light package in the browser: pure Python that imports without an operating system, and a site that offers it."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from helpers.command import environment
from helpers.notebooks import ROOT, SETS

# Modules that Pyodide has not, or that do nothing there.
NOT_IN_A_BROWSER = (
    "fcntl",
    "resource",
    "termios",
    "pwd",
    "grp",
    "syslog",
    "multiprocessing",
    "_posixsubprocess",
    "ctypes",
)
PROGRAM = """
import sys
import numpy as np
blocked = {blocked!r}
gone = [name for name in sys.modules if name.split(".")[0] in blocked]
for name in gone:
    del sys.modules[name]
class Blocking:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in blocked:
            raise ModuleNotFoundError(f"not in a browser: {{name}}", name=name)
sys.meta_path.insert(0, Blocking())
from autograder import blame, check, check_gradient
x = np.array([1.0, -2.0])
assert check_gradient(lambda x: np.sum(x**3), lambda x: 3 * x**2, at=x)
result = check(lambda x: 3 * x**2, x, of=lambda x: np.sum(x**3), at=x, shapes="x (n,) -> dx (n,)")
assert result and "<" in result._repr_html_()
assert blame([(2.0, 12.0), (3.0, 8.0)]).svg
{last}
"""


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The tool that builds the site."""
    spec = importlib.util.spec_from_file_location("jupyterlite", ROOT / "tools" / "jupyterlite.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def _run(last: str) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(blocked=NOT_IN_A_BROWSER, last=last)
    return subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=False
    )


def test_the_light_package_needs_no_operating_system() -> None:
    """What notebooks use imports and works where the modules that a browser lacks are not there."""
    done = _run("")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_module_that_is_not_in_a_browser_would_be_noticed() -> None:
    """In the same program, importing such a module fails."""
    assert "not in a browser: fcntl" in _run("import fcntl").stderr


def test_the_site_has_the_releases_and_the_wheel(tool: ModuleType, tmp_path: Path) -> None:
    """The command that builds the site is given every set's notebook, the wheel, and Pyodide where it is named."""
    assert tool.gather(tmp_path) == sorted(f"{name}.ipynb" for name in SETS)
    command = tool.build_command(tmp_path, Path("light.whl"), Path("lite"), None)
    assert command[command.index("--piplite-wheels") + 1] == "light.whl"
    assert "--pyodide" not in command
    assert tool.build_command(tmp_path, Path("light.whl"), Path("lite"), Path("p"))[-2:] == ["--pyodide", "p"]


def test_the_site_has_no_buttons_that_need_a_server(tool: ModuleType) -> None:
    """Of the installed extensions of JupyterLab, the site takes those that it can use, and not nbgrader's."""
    installed = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    assert (installed / "@jupyter" / "nbgrader").is_dir()
    settings = tool.configuration()["LiteBuildConfig"]
    assert settings["ignore_sys_prefix"] == ["federated_extensions"]
    assert str(installed / "jupyterlab_pygments") in settings["federated_extensions"]
    assert not any("nbgrader" in one for one in settings["federated_extensions"])


def test_what_is_missing_is_told(tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is not installed and a folder that is no Pyodide are named, with what to do."""
    monkeypatch.setattr(tool, "NEEDED", {"no_such_module": "jupyterlite-core"})
    lacking, *of_pyodide = tool.missing_parts(tmp_path)
    assert "backprop-autograder[lite]" in lacking
    assert len(of_pyodide) == 2
    assert all("no unpacked release of Pyodide" in one for one in of_pyodide)
    with pytest.raises(tool.MissingError):
        tool.build(tmp_path / "lite", tmp_path)
