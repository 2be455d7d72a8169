"""Tables as CSV files (RFC 4180) that spreadsheets and learning management systems take as they are."""

import csv
import io
from collections.abc import Iterable, Sequence

from autograder.writers.text import inert

# What a spreadsheet would take for a formula; the last four are the wide forms of the first.
FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def name_cell(text: str) -> str:
    """Return a name, or other text that no program looks up, as a cell that no spreadsheet calculates."""
    shown = inert(text).strip()
    return f"'{shown}" if shown.startswith(FORMULAS) else shown


def number_cell(value: float | None) -> str:
    """Return points as a cell: at most four decimals, a dot, no exponent; "" for None."""
    if value is None:
        return ""
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as the text of a CSV file: commas, quotes where they are needed."""
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerows(rows)
    return made.getvalue()
