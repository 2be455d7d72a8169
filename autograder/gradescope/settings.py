"""What the zip says of the assignment, to be read again in Gradescope's container."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

# Gradescope ends a run after ten minutes, unless an instructor sets another time.
GRADESCOPE_SECONDS = 600.0
LONGEST_RUN_SECONDS = 540.0
# What is left of a run for starting, and for starting anew after a notebook's code ended its process.
SPARE_SECONDS = 120.0
NAME = "settings.json"


@dataclass(frozen=True)
class Settings:
    """How a submission is graded.

    assignment: the set's name. notebooks: its notebooks' names. visibility: the settings, as they are typed.
    cell_seconds, total_seconds: as in `Limits`, a notebook. run_seconds: for everything.
    """

    assignment: str
    notebooks: tuple[str, ...]
    visibility: tuple[str, ...]
    cell_seconds: float
    total_seconds: float
    run_seconds: float = LONGEST_RUN_SECONDS

    def text(self) -> str:
        """Return the settings as the text of a file."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def read(cls, folder: Path) -> "Settings":
        """Return the settings in a folder."""
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return cls(**{**data, "notebooks": tuple(data["notebooks"]), "visibility": tuple(data["visibility"])})
