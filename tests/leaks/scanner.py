"""Finding what students must not get in what they get: hidden tests, the reference, expected values, seeds, places."""

import base64
import html
import json
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path

from helpers.notebooks import Json

# Shorter lines are everybody's: `else:`, `return dx`.
SHORTEST_LINE = 14
DIGITS = 6
SEED_PART = 12


def normalised(text: str) -> str:
    """Return text without spacing, quotes' kind and markup's escapes, so that a copied line is found in any form."""
    return re.sub(r"\s+", "", html.unescape(text)).replace('"', "'").replace("\\", "")


def lines_between(text: str, begin: str, end: str) -> list[str]:
    """Return the lines between two marks, wherever they stand."""
    found = re.findall(rf"{begin}[^\n]*\n(.*?)\n[^\n]*{end}", text, flags=re.DOTALL)
    return [line for part in found for line in part.split("\n")]


def hidden_lines(source: Json) -> list[str]:
    """Return the lines of an instructor's notebook that stand between the marks of hidden tests."""
    texts = ["".join(cell["source"]) for cell in source["cells"]]
    return [line for text in texts for line in lines_between(text, "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")]


def reference_lines(source: Json, *modules: Path) -> list[str]:
    """Return the lines of an instructor's solutions, and of modules of the reference package."""
    texts = ["".join(cell["source"]) for cell in source["cells"]]
    found = [line for text in texts for line in lines_between(text, "BEGIN SOLUTION", "END SOLUTION")]
    return found + [line for path in modules for line in path.read_text(encoding="utf-8").split("\n")]


def renderings(value: float) -> set[str]:
    """Return what a number's digits look like in decimal, hexadecimal, bytes and base64, cut where rounding begins."""
    digits = re.sub(r"\D", "", f"{abs(value):.15e}".split("e")[0])[:DIGITS]
    raw = {struct.pack(order, value) for order in ("<d", ">d")}
    written = {form for part in raw for form in (part.hex(), base64.b64encode(part).decode()[:10])}
    return {digits, abs(value).hex().split("p")[0].removeprefix("0x1.").rstrip("0")} | written


@dataclass
class Scanner:
    """What must not be found, by kind.

    known: what the reader has anyway: the release, and the student's own file.
    """

    lines: dict[str, list[str]] = field(default_factory=dict)
    values: list[float] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def found(self, text: str, known: str = "") -> set[tuple[str, str]]:
        """Return each kind of leak in a text, with what was found."""
        packed, has = normalised(text), normalised(known)
        leaks = {
            (kind, line)
            for kind, lines in self.lines.items()
            for line in lines
            if len(normalised(line)) >= SHORTEST_LINE and normalised(line) in packed and normalised(line) not in has
        }
        digits = re.sub(r"(?<=\d)[._,](?=\d)", "", text)
        leaks |= {
            ("value", form)
            for value in self.values
            for form in renderings(value)
            if (_begins_a_number(form, digits) or (len(form) > DIGITS and form in text))
            and form not in known.replace(".", "")
        }
        leaks |= {("key", form) for key in self.keys for form in _forms_of(key) if form in text or form in packed}
        return leaks | {("place", place) for place in self.places if place in text or place in packed}


def _begins_a_number(form: str, text: str) -> bool:
    """Tell whether digits stand where a number begins: within other digits six of them are met by chance."""
    return bool(re.search(rf"(?<![0-9A-Fa-f])0*{re.escape(form)}", text))


def _forms_of(key: bytes) -> set[str]:
    """Return parts of a key as hexadecimal, as a whole number, and as Python shows bytes."""
    number, hexadecimal = str(int.from_bytes(key)), key.hex()
    shown = normalised(repr(key)[2:-1])
    parts = {hexadecimal[:SEED_PART], hexadecimal[-SEED_PART:], hexadecimal[20 : 20 + SEED_PART]}
    little = str(int.from_bytes(key, "little"))
    return parts | {
        number[:SEED_PART],
        little[:SEED_PART],
        shown[:SEED_PART],
        base64.b64encode(key).decode()[:SEED_PART],
    }


def outputs_of(notebook: Json) -> str:
    """Return all that the outputs of a notebook say, as text, one value a line."""

    def strings(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for part in value.values() for text in strings(part)]
        if isinstance(value, list):
            return [text for part in value for text in strings(part)]
        return [value] if isinstance(value, str) else []

    return "\n".join(text for cell in notebook["cells"] for text in strings(cell.get("outputs", [])))


def read_notebook(path: Path) -> Json:
    """Read a notebook file."""
    read: Json = json.loads(path.read_text(encoding="utf-8"))
    return read
