"""The documentation's site: every link leads somewhere, every page is on it, and no other server is asked."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.notebooks import ROOT

from autograder.cli.verbs import VERBS

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"  # made when the site is
LINK = re.compile(r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
KINDS = ("Tutorials", "How to", "Reference", "Explanation")
# What makes a page ask a server while it is read.
LOADS = re.compile(
    r"<(?:script|img|iframe|source|embed)[^>]*\ssrc=\"(?:https?:)?//|@import|url\(\s*['\"]?(?:https?:)?//"
)
STYLES = re.compile(r"<link[^>]*rel=\"(?:stylesheet|preload|preconnect)\"[^>]*href=\"(?:https?:)?//")


def _pages() -> list[Path]:
    own = [path for path in DOCS.rglob("*.md") if REFERENCE not in path.parents and "_site" not in path.parts]
    return sorted([*own, ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and the site make them."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} +(.+?)\s*$", FENCE.sub("", text), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
        found.add(plain if plain not in found else f"{plain}-1")
    return found


def broken_links(page: Path, text: str) -> Iterator[str]:
    """Yield the links of a page that lead nowhere in the repository."""
    for link in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if REFERENCE in target.parents:
            continue
        there = target.exists()
        if there and anchor:
            there = anchor in anchors(text if target == page else target.read_text(encoding="utf-8"))
        if not there:
            yield f"{page.name}: {link}"


def test_every_link_leads_somewhere() -> None:
    """Each link in the documents leads to a file of the repository, and to a heading in it."""
    assert [link for page in _pages() for link in broken_links(page, page.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "link", ["[a](nowhere.md)", "[a](security.md#nothing)", "[a](#nothing)", "![a](pictures/none.png)", "[[1]](no.md)"]
)
def test_a_planted_broken_link_is_found(link: str) -> None:
    """The checker finds a file, a heading and a picture that are not there."""
    assert len(list(broken_links(DOCS / "ci.md", f"# Title\n\n{link}\n"))) == 1


@pytest.mark.parametrize("link", ["[a](security.md#the-boundary)", "[a](#title)", "[a](https://x.example/y)"])
def test_a_link_that_holds_is_left_alone(link: str) -> None:
    """The checker accepts a heading elsewhere, one of the page, and an address."""
    assert list(broken_links(DOCS / "ci.md", f"# Title\n\n{link}\n")) == []


def test_the_pages_are_in_four_kinds() -> None:
    """The site's order has tutorials, how-to guides, reference and explanation, and every page is in it once."""
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r":caption: (.+)", index)) == KINDS
    trees = re.findall(r"```\{toctree\}\n(?::.*\n)+\n((?:.+\n)+)```", index)
    listed = [name for tree in trees for name in tree.split()]
    kept = {str(page.relative_to(DOCS).with_suffix("")) for page in _pages() if DOCS in page.parents} - {"index"}
    assert {name for name in listed if not name.startswith("reference/")} == kept
    assert len(listed) == len(set(listed))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does."""
    place = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", DOCS, place]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return place


def test_the_site_is_built_without_a_warning(site: Path) -> None:
    """Every page is built, with its formulas and pictures."""
    for page in (path for path in _pages() if DOCS in path.parents):
        assert (site / page.relative_to(DOCS)).with_suffix(".html").is_file()
    assert "<math" in (site / "explanation" / "numerics.html").read_text(encoding="utf-8")


def test_the_site_asks_no_other_server(site: Path) -> None:
    """No page, style or script of the site loads anything from elsewhere."""
    texts = {path: path.read_text(encoding="utf-8") for path in site.rglob("*") if path.suffix in (".html", ".css")}
    assert len(texts) > 30
    assert [path.name for path, text in texts.items() if LOADS.search(text) or STYLES.search(text)] == []


def test_a_page_that_asks_a_server_is_found() -> None:
    """The checker finds a script, a font and a style from elsewhere."""
    assert LOADS.search('<script async src="https://cdn.example/x.js">')
    assert LOADS.search("src: url('https://fonts.example/x.woff2')")
    assert STYLES.search('<link rel="stylesheet" href="//cdn.example/x.css">')


def test_the_reference_is_the_programs_own(site: Path) -> None:
    """Every verb's help and every public name of the package is on the pages of reference."""
    import autograder

    commands = (site / "reference" / "command-line.html").read_text(encoding="utf-8")
    assert [verb.name for verb in VERBS if f"usage: autograder {verb.name} " not in commands] == []
    told = (site / "reference" / "programs.html").read_text(encoding="utf-8")
    names = [name for name in autograder.__all__ if name != "__version__"]
    assert [name for name in names if f'id="autograder.{name}"' not in told] == []
