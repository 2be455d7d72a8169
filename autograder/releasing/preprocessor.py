"""The step of `nbgrader generate_assignment` that writes the first cell of a release."""

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from autograder import __version__
from autograder.notebook.installing import INSTALLING, installing_text
from autograder.releasing import SOURCE

LINKED = "open-in-colab"
COLAB = "https://colab.research.google.com/github"
# The first minor format in which cells have ids of their own.
MINOR_WITH_IDS = 5
MARKS = {
    "schema_version": 3,
    "grade_id": INSTALLING,
    "cell_type": "code",
    "grade": False,
    "locked": True,
    "solution": False,
    "task": False,
}


class BeginWithInstalling(NbGraderPreprocessor):  # type: ignore[misc]
    """Put the locked cell that installs the light package before all others, and a link to Colab where one is due."""

    source = Unicode(SOURCE, help="What pip installs; {version} is filled in.").tag(config=True)
    repository = Unicode("", help="owner/name of the GitHub repository that holds release/.").tag(config=True)
    branch = Unicode("main", help="That repository's branch.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with its first cells."""
        if any(cell.metadata.get("nbgrader", {}).get("grade_id") == INSTALLING for cell in nb.cells):
            return nb, resources
        text = installing_text(self.source, __version__)
        first = [new_code_cell(text, id=INSTALLING, metadata={"nbgrader": dict(MARKS)})]
        if self.repository:
            first.insert(0, self._link(resources))
        if nb.nbformat_minor < MINOR_WITH_IDS:
            for cell in first:
                del cell["id"]
        nb.cells[:0] = first
        return nb, resources

    def _link(self, resources: Any) -> NotebookNode:
        name = resources["unique_key"] if "unique_key" in resources else resources["metadata"]["name"]
        assignment = resources["nbgrader"]["assignment"]
        place = f"{COLAB}/{self.repository}/blob/{self.branch}/release/{assignment}/{name}.ipynb"
        cell: NotebookNode = new_markdown_cell(f"[Open in Colab]({place})", id=LINKED)
        return cell
