"""To and from learning management systems: gradebooks that they import, submissions that were downloaded from them.

    nbgrader export --exporter autograder.lms.CanvasExporter

Each format is that of the system's own documentation: Canvas, "How do I import grades in the Gradebook?"; Moodle,
"Grade import" and "Using Assignment"; Brightspace, "Importing grades".
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.lms.collector import LmsCollector
    from autograder.lms.exporters import BrightspaceExporter, CanvasExporter, CsvExporter, MoodleExporter
    from autograder.lms.extractor import LmsExtractor

__all__ = [
    "BrightspaceExporter",
    "CanvasExporter",
    "CsvExporter",
    "LmsCollector",
    "LmsExtractor",
    "MoodleExporter",
    "collect_from_lms",
]
_COLLECTORS = {"LmsCollector": "collector", "LmsExtractor": "extractor"}


def __getattr__(name: str) -> Any:
    """Import a plugin when nbgrader asks for it: nbgrader takes seconds to import, and little else here needs it."""
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_COLLECTORS.get(name, 'exporters')}"), name)


def collect_from_lms(config: Any) -> None:
    """Let `nbgrader zip_collect` take what was downloaded from Moodle, Canvas or Brightspace.

    config: what `get_config()` returns in nbgrader_config.py.
    """
    config.ZipCollectApp.extractor_plugin = "autograder.lms.LmsExtractor"
    config.ZipCollectApp.collector_plugin = "autograder.lms.LmsCollector"
