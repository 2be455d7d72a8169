"""The documentation's site, for Sphinx: `make docs`. Building and reading it fetch nothing from elsewhere."""

import re
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS.parent), str(DOCS.parent / "tools")]

from reference_pages import write_pages  # noqa: E402 - from the folder that was just named

from autograder import __version__  # noqa: E402

project = "backprop-autograder"
author = "the authors of backprop-autograder"
version = release = __version__
project_copyright = author

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_site", "ci/*"]
source_suffix = {".md": "markdown"}
html_theme = "furo"
html_title = f"backprop-autograder {__version__}"
html_show_sphinx = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["own.css"]

myst_heading_anchors = 4
myst_enable_extensions = ["dollarmath"]
# Formulas are MathML, which browsers show by themselves; a script for them would come from elsewhere.
html_math_renderer = "mathml"
default_role = "code"
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": False}
python_use_unqualified_type_names = True

write_pages(DOCS / "reference")
# A paragraph of a docstring that describes one thing a line: `name: what it is`, with further lines indented.
ITEM = re.compile(r"\n +")


def _formula(translator: Any, node: Any) -> None:
    display = "block" if isinstance(node, nodes.math_block) else "inline"
    translator.body.append(convert(node.astext(), display=display))
    raise nodes.SkipNode


def _as_list(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Make lists of the paragraphs whose further lines are indented, which reStructuredText takes for quotations."""
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines).strip())
    made = []
    for paragraph in paragraphs:
        if ITEM.search(paragraph) and not paragraph.startswith(" "):
            paragraph = "\n".join(f"- {line}" for line in ITEM.sub(" ", paragraph).split("\n"))  # noqa: PLW2901
        made.append(paragraph)
    lines[:] = "\n\n".join(made).split("\n")


def setup(app: Any) -> None:
    """Tell Sphinx what else there is."""
    app.add_html_math_renderer("mathml", (_formula, None), (_formula, None))
    app.connect("autodoc-process-docstring", _as_list)
