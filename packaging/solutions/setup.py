"""Builds the distribution of the reference solutions, with the notebooks they belong to.

The package stands in `solutions/` and the notebooks in `source/`, at the top of the checkout; an
install carries the notebooks as `solutions/course`,
so that `autograder run` knows the sets wherever it is called.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent.parent.parent
NOTEBOOKS = ROOT / "source"


class BuildWithNotebooks(build_py):
    """Copies the notebooks into the package that is built."""

    def run(self) -> None:
        """Build the modules, then add the notebooks."""
        super().run()
        if self.editable_mode:
            return
        for notebook in sorted(NOTEBOOKS.glob("*/*.ipynb")):
            target = Path(self.build_lib) / "solutions" / "course" / "source" / notebook.parent.name / notebook.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, target)


setup(
    packages=["solutions", "solutions.mistakes"],
    package_dir={"solutions": "../../solutions"},
    cmdclass={"build_py": BuildWithNotebooks},
)
