"""Releases that open anywhere: in Colab, VS Code, JupyterLab, Notebook and JupyterLite, with what they need."""

import re
from typing import Any

from autograder.notebook.installing import PACKAGE, installing_text

SOURCE = f"{PACKAGE}=={{version}}"
# GitHub's names, and a folder and branch of such a repository.
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
BRANCH = re.compile(r"[\w./-]+")


def install_where_needed(config: Any, source: str = SOURCE, *, repository: str = "", branch: str = "main") -> None:
    """Let `nbgrader generate_assignment` begin each notebook with a cell that installs the light package.

    config: what `get_config()` returns in nbgrader_config.py. source: what pip is told to install, in which
    `{version}` becomes the version that makes the release: a requirement, a wheel's address, a git address, or a
    folder. repository: `owner/name` of the public GitHub repository that holds `release/`, if there is one: each
    notebook then has a link that opens it in Colab. branch: the repository's.
    Raises ValueError if one of them has not that form.
    """
    installing_text(source, "0")
    if repository and not (REPOSITORY.fullmatch(repository) and BRANCH.fullmatch(branch)):
        msg = f"the repository is {repository!r}, branch {branch!r}; expected a name such as 'owner/name', and a branch"
        raise ValueError(msg)
    config.GenerateAssignment.preprocessors.insert(0, "autograder.releasing.preprocessor.BeginWithInstalling")
    config.BeginWithInstalling.source = source
    config.BeginWithInstalling.repository = repository
    config.BeginWithInstalling.branch = branch
