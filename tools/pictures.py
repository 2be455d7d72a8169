"""Draws docs/pictures/: what a student sees, from the Python blocks of docs/students.md.

The network's picture is the SVG that the package makes; the checks, which are HTML, are photographed in
Chromium. Run by `make pictures`.
"""

import contextlib
import io
import re
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PAGE = ROOT / "docs" / "students.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
GATE = """
Z1, dA1 = rng.normal(size=(5, 4)), rng.normal(size=(5, 4))
gate = check(
    lambda dA1, Z1: dA1 * 1.0, dA1, Z1, of=lambda Z1: np.sum(dA1 * np.maximum(Z1, 0)), at=Z1,
    shapes="dA1 (m, h), Z1 (m, h) -> dZ1 (m, h)", name="grad_Z1",
)
"""


def names_of_the_page() -> dict[str, Any]:
    """Run the blocks of the students' page and return what they define."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
            exec(compile(block[1], PAGE.name, "exec"), names)  # noqa: S102 - the project's own page
        exec(compile(GATE, "pictures.py", "exec"), names)  # noqa: S102 - as above
    return names


def photograph(shown: Any, path: Path, width: int) -> None:
    """Save what a notebook shows of a result, as a picture."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": 400}, device_scale_factor=1.25)
        page.set_content(f"<body style='margin:8px;background:white'>{shown._repr_html_()}")
        page.locator(".agr").screenshot(path=path)
        browser.close()


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    named = names_of_the_page()
    (PICTURES / "blame.svg").write_text(named["picture"].svg + "\n", encoding="utf-8")
    photograph(named["result"], PICTURES / "check-shape.png", 760)
    photograph(named["gate"], PICTURES / "check-values.png", 1110)
