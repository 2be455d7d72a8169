"""The extras of the distribution; everything else is in pyproject.toml.

The reference solutions are a distribution of their own, so that a student's install does not have
them. From a checkout, the instructor's extra takes them from the folder `packaging/solutions`.
"""

import os
from pathlib import Path

from setuptools import setup

SOLUTIONS = Path(__file__).resolve().parent / "packaging" / "solutions"
NAME = "backprop-autograder-solutions"
# A wheel that is made to be published must not name a folder of the machine that made it.
published = "AUTOGRADER_RELEASE" in os.environ or not (SOLUTIONS / "pyproject.toml").exists()
solutions = NAME if published else f"{NAME} @ {SOLUTIONS.as_uri()}"

grading = [
    "alembic>=1.7", "ipython>=8.20", "nbgrader>=0.9.5", "pandas>=2.2", "scipy>=1.13", "sqlalchemy>=2.0", "tqdm>=4.66",
    solutions,
    # What pages of feedback are made with.
    "jinja2>=3.1", "latex2mathml>=3.77", "pygments>=2.17",
]  # fmt: skip
# What `autograder run` needs and no more: no nbgrader, and no reference solutions, where students can look.
running = ["ipython>=8.20", "nbformat>=5.10", "tqdm>=4.66"]
# `autograder report`: the pages, how alike submissions are, and the charts' library as one text.
grading += ["rapidfuzz>=3.9", "vl-convert-python>=1.9"]
# nbgrader's `db_url` may name a PostgreSQL server.
server = ["psycopg2-binary>=2.9.10"]
# `autograder grade SET --dask ADDRESS`
cluster = ["distributed>=2025.1"]
testing = [
    *server, *cluster, "autograd>=1.7", "axe-playwright-python>=0.1.8", "hypothesis>=6.100", "mypy>=1.10",
    "playwright>=1.45", "pytest>=8.2", "pytest-xdist>=3.6", "pyyaml>=6.0", "ruff>=0.6",
]  # fmt: skip
# Another implementation of the statistics of reports.
testing += ["pingouin>=0.6"]
# The fuzzer has wheels for these only, and takes a compiler with libFuzzer elsewhere; its tests are skipped there.
testing += ["atheris>=3.0; python_version < '3.14' and platform_machine == 'x86_64' and sys_platform == 'linux'"]
# The other gradient checks that benchmarks/oracle.py sets beside ours; it does without any of them.
measuring = ["jax>=0.4.30", "torch>=2.4"]

# `make docs`; its pages ask no other server for a font or a script.
documenting = ["furo>=2024.8", "myst-parser>=4.0", "sphinx>=8.1"]
# `make jupyterlite`
browser = ["jupyterlite-core>=0.6", "jupyterlite-pyodide-kernel>=0.6"]

setup(
    extras_require={
        "instructor": grading,
        "grader": running,
        "postgresql": server,
        "dask": cluster,
        "test": testing,
        "benchmark": measuring,
        "docs": documenting,
        "lite": browser,
    },
)
