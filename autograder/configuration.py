"""What an nbgrader course's configuration calls to have student code run in the sandbox.

from autograder.configuration import use_sandbox
use_sandbox(c)
"""

from collections.abc import Sequence
from typing import Any

from autograder.lms import collect_from_lms
from autograder.pages import make_pages_inert

# Steps of nbgrader's that the sandbox stands in the place of.
REPLACED = frozenset(("Execute", "LimitOutput", "SaveAutoGrades", "OverwriteCells", "DeduplicateIds"))
AFTER = ("nbgrader.preprocessors.AssignLatePenalties", "nbgrader.preprocessors.CheckCellMetadata")


def _name(step: Any) -> str:
    return str(step if isinstance(step, str) else getattr(step, "__name__", step)).rpartition(".")[2]


def use_sandbox(config: Any, *, on_students_side: Sequence[str] = ()) -> None:
    """Let `nbgrader autograde` and the formgrader run student code in the sandbox, and show it as text only.

    `nbgrader zip_collect` then takes what was downloaded from Moodle, Canvas or Brightspace as well.
    config: what `get_config()` returns in nbgrader_config.py. Steps of the course's own that it has put into
    `Autograde.autograde_preprocessors` stay, after the sandbox.
    on_students_side: tests that can't be run apart from the student's code, such as "ps3/test_spark"; there the
    student's code can read them and forge what comes of them, and every report says so.
    """
    own = config.Autograde.get("autograde_preprocessors", AFTER)
    kept = [step for step in own if _name(step) not in REPLACED]
    config.Autograde.exporter_class = "autograder.nbgrader_plugin.SubmissionExporter"
    config.Autograde.sanitize_preprocessors = ["autograder.nbgrader_plugin.RestoreCells"]
    config.Autograde.autograde_preprocessors = ["autograder.nbgrader_plugin.GradeInSandbox", *kept]
    if on_students_side:
        config.GradeInSandbox.on_students_side = list(on_students_side)
    make_pages_inert(config)
    collect_from_lms(config)
