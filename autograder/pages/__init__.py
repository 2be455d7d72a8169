"""Pages that show students' work, made by nbgrader from its templates: nothing a student wrote is live on them.

Three layers, each of which would do: graded notebooks hold no live output (`notebook`), what is
rendered is cut down to a list of harmless elements (`filters`), and the pages themselves forbid the
browser all but what they need (`templates`, a content security policy; W3C, CSP level 3).
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).resolve().parent / "templates"
FILTERS = {
    **{name: f"autograder.pages.filters.{name}" for name in ("ansi2html", "highlight_code", "markdown2html")},
    "clean_html": "autograder.pages.filters.cleaned",
}
FINDINGS = "autograder.pages.formgrading.ShowFindings"


def make_pages_inert(config: Any) -> None:
    """Let nbgrader's feedback pages and formgrader show students' work as text and pictures only.

    config: what `get_config()` returns in nbgrader_config.py.
    Feedback is the page that `autograder feedback` makes. In the formgrader, what grading found is a card below each
    failed test. Formulas of the instructor's text are drawn, students' are shown as they were typed, links with their
    address, and pictures only where they are part of the notebook: a page loads no script from elsewhere, and asks no
    server for anything that a student chose.
    """
    # Its place is asked for, and not the package itself, which takes long to import.
    found = find_spec("nbgrader")
    places = [Path(place) for place in (found.submodule_search_locations or [])] if found else []
    own = [str(place / "server_extensions" / "formgrader" / "templates") for place in places]
    config.HTMLExporter.filters = FILTERS
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.preprocessors = [*config.HTMLExporter.get("preprocessors", []), FINDINGS]
    config.HTMLExporter.extra_template_basedirs = [str(TEMPLATES), *own]
    config.GenerateFeedback.exporter_class = "autograder.pages.exporter.FeedbackExporter"
    config.GenerateFeedback.preprocessors = []
