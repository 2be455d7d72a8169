"""What grading loads on the way, in more than one thread, comes whole."""

from pathlib import Path

from helpers.command import autograder
from helpers.course import submit
from helpers.notebooks import ROOT, code, inserted
from helpers.small_course import RIGHT, WEEK, small_course

# Modules of nbconvert import each other in a circle; slowly, so that two threads are in the circle at a time.
SLOWLY = """
import sys, time

class Slowly:
    def find_spec(self, name, path=None, target=None):
        if name in ("nbconvert.filters", "nbconvert.exporters", "nbconvert.preprocessors"):
            time.sleep(0.7)

sys.meta_path.insert(0, Slowly())
"""


def test_markdown_that_is_shown_while_the_gradebook_is_opened(tmp_path: Path) -> None:
    """A student's cell that displays Markdown is graded while the writer loads nbgrader: neither gets half a module."""
    course = small_course(tmp_path / "course", students=2)
    shown = code("from IPython.display import Markdown, display\ndisplay(Markdown('*mine*'))")
    for student in ("s10", "s11"):
        submit(course, student, WEEK, inserted(RIGHT, shown, before="test_f"))
    slow = tmp_path / "slow"
    slow.mkdir()
    (slow / "sitecustomize.py").write_text(SLOWLY)
    ran = autograder("grade", WEEK, "--quiet", "--jobs", "1", folder=course, PYTHONPATH=f"{slow}:{ROOT}")
    assert ran.status == 0, ran.err
    assert "<em>mine</em>" in (course / "autograded" / "s11" / WEEK / f"{WEEK}.ipynb").read_text()
