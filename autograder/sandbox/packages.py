"""Which packages student code may import, and where this environment keeps them.

The student's packages are NumPy and what a course in numerics uses, those that other courses use where they
are installed, with all that they require, plus the light part of this distribution. Everything else that
happens to be installed beside the grader (nbgrader, `solutions`, the engine) stays out of the sandbox.
"""

import contextlib
import hashlib
import json
import os
import re
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from autograder import user_cache
from autograder.sandbox.policy import LOOP_PATH, PACKAGES_PATH, PYTHON_PATH, Binding, View, system_bindings

STUDENT_DISTRIBUTIONS = ("numpy", "scipy", "pandas", "matplotlib", "ipython", "matplotlib-inline")
# None that differentiates programs: what students write by hand here, it would write for them.
OF_OTHER_COURSES = (
    "scikit-learn", "seaborn", "statsmodels", "sympy", "networkx", "nltk", "xarray", "pillow", "scikit-image",
    "beautifulsoup4", "requests", "lxml", "openpyxl", "tabulate", "tqdm", "pytest", "ipywidgets", "plotly", "altair",
    "pyyaml", "python-dateutil", "ipython-unittest", "nose", "numexpr", "shapely", "geopandas", "folium", "wordcloud",
)  # fmt: skip
LIGHT_PARTS = ("__init__.py", "py.typed", "checks", "drawing", "network", "numerics")
LEAN_MODULES = ("numpy", "numpy.random", "numpy.linalg", "asyncio", "autograder.checks", "autograder.network")
FIGURE_MODULES = ("matplotlib", "matplotlib.pyplot", "matplotlib_inline.backend_inline")
FRAME_MODULES = ("pandas",)
# What takes seconds to import, by what a text that uses it mentions.
SLOW_MODULES = {
    "scipy": ("scipy.stats", "scipy.integrate", "scipy.interpolate", "scipy.optimize"),
    "sklearn": (
        "sklearn.linear_model", "sklearn.model_selection", "sklearn.metrics", "sklearn.neighbors", "sklearn.tree",
        "sklearn.ensemble", "sklearn.cluster", "sklearn.pipeline",
    ),
    "seaborn": ("seaborn",),
    "statsmodels": ("statsmodels.api",),
    "sympy": ("sympy",),
    "networkx": ("networkx",),
}  # fmt: skip

_paths: dict[Path, None] = {}
MOST_LISTS = 20
_IS_LIST = re.compile(r"packages-[0-9a-f]{32}\.json")
_ENGINE = Path(__file__).resolve().parent.parent
_IMPORTS = re.compile(r"^[ \t]*(?:import|from)[ \t]+(\w+)", re.MULTILINE)
_REQUIREMENT = re.compile(r"^[A-Za-z0-9._-]+")


@cache
def required_distributions(*names: str) -> tuple[str, ...]:
    """Return the names of distributions, where they are installed, and of all that they need, without extras."""
    found: dict[str, None] = {}
    waiting = list(reversed(names))
    while waiting:
        current = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if current in found:
            continue
        try:
            requirements = distribution(current).requires or []
        except PackageNotFoundError:
            continue
        found[current] = None
        waiting += [
            match.group() for line in requirements if "extra ==" not in line and (match := _REQUIREMENT.match(line))
        ]
    return tuple(found)


def _top_level_paths(installed: Distribution) -> list[Path]:
    """Return the files and folders that a distribution put directly into site-packages."""
    # A line a file, with its path first; read as text, because a path object for each takes a second for all.
    lines = (installed.read_text("RECORD") or "").splitlines()
    files = [line.lstrip('"').partition(",")[0] for line in lines] or list(map(str, installed.files or []))
    names = {file.partition("/")[0] for file in files} - {"", "..", "__pycache__"}
    folder = Path(str(installed.locate_file("")))
    return [folder / name for name in sorted(names) if not name.endswith(".pth") and (folder / name).exists()]


def package_paths() -> tuple[Path, ...]:
    """Return every file and folder that student code may import from."""
    if not _paths:
        take_package_paths(_kept_paths() or _found_paths())
    return tuple(_paths)


def _found_paths() -> list[str]:
    names = required_distributions(*STUDENT_DISTRIBUTIONS, *OF_OTHER_COURSES)
    found = [str(path) for name in names for path in _top_level_paths(distribution(name))]
    with contextlib.suppress(OSError, RuntimeError):
        # One for each environment on this machine; all of them go where they have become many.
        is_crowded = len(user_cache.files(_IS_LIST.fullmatch)) > MOST_LISTS
        user_cache.keep(_file_name(), json.dumps(found), lambda name: is_crowded and _IS_LIST.fullmatch(name))
    return found


def _kept_paths() -> list[str]:
    """Return what was found the last time; nothing if something was installed or removed since."""
    with contextlib.suppress(OSError, RuntimeError, ValueError, TypeError):
        name = _file_name()
        for path in user_cache.files(name.__eq__):
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept and all(os.path.isabs(one) and os.path.exists(one) for one in kept):  # noqa: PTH117, PTH110 - quicker
                return [str(one) for one in kept]
    return []


def _file_name() -> str:
    """Return a name that is another one as soon as something was installed or removed: that changes its folder."""
    folders = [(name, os.stat(name).st_mtime_ns) for name in sys.path if os.path.isabs(name) and _has_packages(name)]  # noqa: PTH116, PTH117
    told = repr((sys.version, sys.prefix, folders, STUDENT_DISTRIBUTIONS, OF_OTHER_COURSES))
    return f"packages-{hashlib.sha256(told.encode()).hexdigest()[:32]}.json"


def _has_packages(folder: str) -> bool:
    """Tell whether packages may be in a folder; with `python -m`, the course is one that Python looks in."""
    if folder == os.getcwd():  # noqa: PTH109 - quicker
        return any(name.endswith((".dist-info", ".egg-info")) for name in os.listdir(folder))  # noqa: PTH208
    return os.path.isdir(folder)  # noqa: PTH112


def take_package_paths(paths: Iterable[str]) -> None:
    """Take the paths that another process of this grader has found, which takes a while."""
    _paths.update(dict.fromkeys(map(Path, paths)))


def may_import(name: str) -> bool:
    """Tell whether student code may import a module of this name, without its dots."""
    light = {"autograder", *(part.removesuffix(".py") for part in LIGHT_PARTS)}
    provided = {path.name.removesuffix(".py").partition(".")[0] for path in package_paths()}
    return name in sys.stdlib_module_names or name in provided | light


def light_parts() -> tuple[Path, ...]:
    """Return the parts of this distribution that a student's notebook uses."""
    return tuple(_ENGINE / part for part in LIGHT_PARTS)


def call_loop() -> Path:
    """Return the folder of the call loop."""
    return _ENGINE / "callloop"


def _interpreter() -> tuple[str, str, list[Binding]]:
    """Return the interpreter inside the sandbox, its library path, and what makes it visible."""
    prefix = Path(sys.base_prefix).resolve()
    real = Path(sys.executable).resolve()
    program = real if real.is_relative_to(prefix) else prefix / "bin" / f"python{sysconfig.get_python_version()}"
    if prefix == Path("/usr"):
        return str(program), "", [Binding(str(program), str(program))]
    inside = f"{PYTHON_PATH}/{program.relative_to(prefix)}"
    library = f"{PYTHON_PATH}/lib" if sysconfig.get_config_var("Py_ENABLE_SHARED") else ""
    bindings = [Binding(str(program), inside), Binding(str(prefix / "lib"), f"{PYTHON_PATH}/lib")]
    return inside, library, bindings


@cache
def view() -> View:
    """Return what the sandbox sees of this machine."""
    python, library, bindings = _interpreter()
    packages = [Binding(str(path), f"{PACKAGES_PATH}/{path.name}") for path in package_paths()]
    light = [Binding(str(path), f"{PACKAGES_PATH}/autograder/{path.name}") for path in light_parts()]
    loop = Binding(str(call_loop()), f"{LOOP_PATH}/callloop")
    return View(python, library, (*system_bindings(), *bindings, *packages, *light, loop))


def modules_for(sources: str, *, draws: bool) -> tuple[str, ...]:
    """Return what a fork server should have loaded for cells with this text.

    Loading more makes every fork dearer; loading less makes the student's import slow.
    draws: whether something draws with Matplotlib, and not only imports it.
    """
    wanted = list(LEAN_MODULES)
    if draws or "pandas" in sources:
        wanted += FIGURE_MODULES
    if "pandas" in sources:
        wanted += FRAME_MODULES
    imported = set(_IMPORTS.findall(sources))
    wanted += (module for name, modules in SLOW_MODULES.items() if name in imported for module in modules)
    return tuple(wanted)
