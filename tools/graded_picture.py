"""Draws docs/graded-result.svg: what `autograder run` prints for a submission with three mistakes.

The submission is graded for real, in a copy of the course with a known secret, so that the picture
is the same whenever it is made; a test makes it again and compares.
"""

import html
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "graded-result.svg"
SET = "ps3_matrix"
MISTAKES = {
    "grad_W": "def grad_W(dD, X):\n    return X @ dD.T",
    "grad_X": "def grad_X(W, dD):\n    return -W.T @ dD",
    "jacobian_D_W": "def jacobian_D_W(W, X):\n    raise NotImplementedError",
}
WIDTH, LINE, TOP, LEFT = 100, 19, 34, 18
COLORS = {"✓": "#3fb950", "✗": "#ff7b72", "$": "#79c0ff"}
PLAIN, DIM = "#e6edf3", "#9aa7b4"


def _submission(folder: Path) -> Path:
    notebook = json.loads((ROOT / "source" / SET / f"{SET}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in MISTAKES:
            cell["source"] = MISTAKES[name]
    path = folder / "emmy.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def printed() -> list[str]:
    """Grade the submission and return the lines that a person sees, without the time it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("source", "solutions"):
            (folder / part).symlink_to(ROOT / part)
        (folder / ".autograder").mkdir()
        (folder / ".autograder" / "secret").write_text("00" * 32)
        _submission(folder)
        command = [sys.executable, "-m", "autograder", "run", "emmy.ipynb", "--course", str(folder)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    return ["$ autograder run emmy.ipynb", *re.sub(r"   \(\d+\.\d+ s\)", "", done.stdout).rstrip().split("\n")]


def _wrapped(lines: list[str]) -> list[str]:
    wide: list[str] = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        wide += textwrap.wrap(line.strip(), WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ") or [""]
    return wide


def _text(line: str, number: int) -> str:
    mark = line.strip()[:1]
    color = COLORS.get(mark, DIM if line.startswith("      ") else PLAIN)
    place = f'x="{LEFT}" y="{TOP + LINE * number}"'
    return f'<text {place} fill="{color}" xml:space="preserve">{html.escape(line)}</text>'


def picture(lines: list[str]) -> str:
    """Return the lines as the text of an SVG picture of a terminal."""
    wide = _wrapped(lines)
    size = f'width="{LEFT * 2 + WIDTH * 8}" height="{TOP + LINE * len(wide) + 6}"'
    title = "A graded notebook: each exercise with its points, and under each mistake what was found"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{title}"><title>{title}</title>'
    background = '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>'
    style = '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13">'
    body = "\n".join(_text(line, number) for number, line in enumerate(wide))
    return f"{head}\n{background}\n{style}\n{body}\n</g>\n</svg>\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(printed()), encoding="utf-8")
