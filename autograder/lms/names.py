"""The names that LMSs give to downloaded submissions: whose it is, which file, when.

Moodle, "Using Assignment", Download all submissions: `First Last_123_assignsubmission_file_` as a folder, or before the
file's name. Canvas, "How do I download all student submissions for an assignment?":
`lastfirst_LATE_123_456_file.ipynb`. Brightspace, "Download assignment submissions":
`12-34 - First Last - Jan 5, 2026 1000 AM` as a folder, or before ` - file.ipynb`.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MOODLE, CANVAS, BRIGHTSPACE = "Moodle", "Canvas", "Brightspace"
_WHEN = r"[^\W\d]+\.? \d{1,2}, \d{4},? \d{1,2}:?\d\d(?: ?[AaPp][Mm])?"
_PATTERNS = {
    MOODLE: re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?"),
    BRIGHTSPACE: re.compile(rf"\d+-\d+ - (?P<name>.+?) - (?P<when>{_WHEN})(?: - (?P<file>.+))?"),
    CANVAS: re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<number>\d+)_(?P<attachment>\d+)_(?P<file>.+)"),
}
_ANONYMOUS = re.compile(r"(?:LATE_)?anon_\w+?_\d+_.+|Participant_\d+_assignsubmission_.*")
_ATTEMPT = re.compile(r"(?P<stem>.+?)(?:-(?P<dash>\d{1,3})| ?\((?P<brackets>\d{1,3})\))")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOMENT = re.compile(
    r"(?P<month>[^\W\d]+)\.? (?P<day>\d+), (?P<year>\d+),? (?P<hour>\d+?):?(?P<minute>\d\d)(?: ?(?P<half>[AaPp][Mm]))?"
)


@dataclass(frozen=True)
class Owner:
    """Whose a file is, as the LMS says it.

    system: which LMS names files so. number: of the participant (Moodle) or the user (Canvas). attachment: of the
    upload; later ones are greater. when: as it is written. hidden: whether the LMS keeps names from graders.
    """

    system: str
    name: str
    number: str = ""
    attachment: int = 0
    late: bool = False
    when: str = ""
    hidden: bool = False


def owner_of(parts: Sequence[str]) -> tuple[Owner, str] | None:
    """Return whose a file is, and what the student called it; None if no part of its path is such a name.

    parts: of its path, the outermost first, which the LMS named; what a student named lies further inside.
    """
    for place, part in enumerate(parts):
        for system, pattern in _PATTERNS.items():
            found = pattern.fullmatch(part)
            if found is None:
                continue
            facts = found.groupdict()
            is_last = place == len(parts) - 1
            file = facts["file"] if is_last else parts[-1]
            owner = Owner(
                system, facts["name"], facts.get("number") or "", int(facts.get("attachment") or 0),
                bool(facts.get("late")), facts.get("when") or "", _ANONYMOUS.fullmatch(part) is not None,
            )  # fmt: skip
            return (owner, file) if file else None
        if _ANONYMOUS.fullmatch(part):
            return Owner(CANVAS, part, hidden=True), parts[-1]
    return None


def attempt_of(stem: str) -> tuple[str, int]:
    """Return a file's name without the number of a further upload, and that number: `ps1-2` or `ps1 (2)`."""
    found = _ATTEMPT.fullmatch(stem)
    return (found["stem"], int(found["dash"] or found["brackets"])) if found else (stem, 0)


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the time in a Brightspace name, "Jan 5, 2026 1000 AM", in UTC; None if it is none."""
    found = _MOMENT.fullmatch(text)
    month = found["month"][:3].casefold() if found else ""
    if found is None or month not in _MONTHS:
        return None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].casefold() == "pm" else 0)
    day = (int(found["year"]), _MONTHS.index(month) + 1, int(found["day"]))
    try:
        return datetime(*day, hour, int(found["minute"]), tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None


def bare(name: str) -> str:
    """Return a name in a form to compare: letters and digits only, without case and accents."""
    parts = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in parts if letter.isalnum())
