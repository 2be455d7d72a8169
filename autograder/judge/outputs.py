"""A cell's outputs as the student's side tells them, made into well-formed notebook outputs.

Nothing of their form can be trusted: what is not text in a known place is left out. What the text itself
could do in a browser is seen to where notebooks are written (autograder/pages).
"""

import json
from typing import Any

from autograder.callloop.limits import Limits
from autograder.callloop.plain_data import clean

STREAMS = ("stdout", "stderr")
MOST_OUTPUTS = 1000
MOST_LINES = 100
# Twice what the student's side keeps: figures are larger than texts, and are bounded here only.
LARGEST_FORM = 4 * 1024 * 1024
# As JSON. What the judge tells of a notebook is one message, which must stay within what its reader takes.
NOTEBOOK_BYTES = 128 * 1024 * 1024


def _text(value: Any, most: int) -> str:
    return clean(value[:most]) if isinstance(value, str) else ""


def _forms(data: Any) -> dict[str, str]:
    found = data if isinstance(data, dict) else {}
    return {
        _text(form, 100): _text(value, LARGEST_FORM)
        for form, value in list(found.items())[:20]
        if isinstance(value, str) and len(value) <= LARGEST_FORM
    }


def _clean_output(output: dict[str, Any], limits: Limits) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = output.get("name")
        text = _text(output.get("text"), 2 * limits.output_characters)
        return {"output_type": "stream", "name": name if name in STREAMS else "stdout", "text": text}
    if kind in ("display_data", "execute_result"):
        cleaned: dict[str, Any] = {"output_type": kind, "data": _forms(output.get("data")), "metadata": {}}
        return {**cleaned, "execution_count": None} if kind == "execute_result" else cleaned
    if kind == "error":
        lines = output.get("traceback")
        most = limits.error_characters
        traceback = [_text(line, most) for line in lines[:MOST_LINES]] if isinstance(lines, list) else []
        name, text = _text(output.get("ename"), 200), _text(output.get("evalue"), most)
        return {"output_type": "error", "ename": name, "evalue": text, "traceback": traceback}
    return None


def clean_outputs(outputs: Any, limits: Limits) -> list[dict[str, Any]]:
    """Return the well-formed outputs among what a student's process sent."""
    found = outputs[:MOST_OUTPUTS] if isinstance(outputs, list) else []
    cleaned = (_clean_output(output, limits) for output in found if isinstance(output, dict))
    return [output for output in cleaned if output is not None]


class Room:
    """What is left for the outputs of all cells of one notebook together."""

    def __init__(self, most: int = NOTEBOOK_BYTES) -> None:
        self.most = most
        self._left = most

    def kept(self, outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return a cell's outputs if there is room, else a note in their place."""
        size = len(json.dumps(outputs))
        if size > self._left:
            note = f"[output left out: more than {self.most:,} bytes in one notebook]\n"
            return [{"output_type": "stream", "name": "stderr", "text": note}]
        self._left -= size
        return outputs


def error_output(name: str, text: str) -> dict[str, Any]:
    """Return an error of the grader's as a notebook output."""
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}


def printed_output(text: str) -> list[dict[str, Any]]:
    """Return printed text as notebook outputs."""
    return [{"output_type": "stream", "name": "stdout", "text": clean(text)}] if text else []
