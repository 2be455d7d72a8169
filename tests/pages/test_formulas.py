"""Formulas of the instructor's text on pages: MathML of known elements, or else what was typed."""

import re

import pytest
from helpers.notebooks import SETS, source

from autograder.pages.formulas import instructors_markdown, mathml
from autograder.pages.notebook_view import in_place


@pytest.mark.parametrize("name", SETS)
def test_every_formula_of_the_sets_is_shown_as_one(name: str) -> None:
    """No formula of the five notebooks is left as LaTeX."""
    for cell in source(name)["cells"]:
        if cell["cell_type"] == "markdown":
            html = instructors_markdown(cell["source"])
            typed = cell["source"].count("$") // 2 - cell["source"].count("$$") // 2
            assert html.count("<math ") == typed, html
            assert not re.search(r"\$|\\[a-z]", re.sub(r"<code>.*?</code>", "", html)), html


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<img src=x onerror=alert(1)>}", r"\href{javascript:alert(1)}{x}", r"\class{top}{x}",
        r"\style{position: fixed}{x}", r"\text{</math><script>alert(1)</script>}", r"\frac{", "", "{" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_plain_formula_is_shown_as_it_was_typed(latex: str) -> None:
    """Markup, addresses, styles and broken LaTeX make text, in which nothing is live."""
    made = mathml(latex)
    assert not re.search(r"<(?!/?(code|math|m[a-z]+)\b)", made)
    assert not re.search(r"<[^>]*\b(href|style|class|src|on\w+)=", made)


def test_code_is_no_formula() -> None:
    """Dollars within code are dollars."""
    assert instructors_markdown("`$a$`").strip() == "<p><code>$a$</code></p>"


def test_text_fits_into_a_page() -> None:
    """Headings become one level, what may be wide can be moved by keyboard, and each picture has a text."""
    html = in_place(str(instructors_markdown("# A\n\n### B\n\n$$x$$\n\n$y$\n\n|a|\n|-|\n|b|\n")) + "<img>")
    assert re.findall(r"<h\d[^>]*>", html) == ['<h3 class="n1">', '<h3 class="n3">']
    assert re.findall(r'tabindex="0" role="group" aria-label="(\w+)"', html) == ["formula", "table"]
    assert '<img alt="">' in html
