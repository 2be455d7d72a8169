"""A class's way through the sets: what counts, and who needs attention."""

from autograder.classroom.course_page import summary
from autograder.classroom.course_values import CourseClass, SetColumn, Way, attention
from autograder.classroom.values import State

WAITS = State.WAITING.value
SETS = (SetColumn("one", 10.0), SetColumn("two", 30.0))


def test_what_waits_for_being_graded_is_held_against_nobody() -> None:
    """A set that is handed in and not graded yet lowers no share, is no reason for attention, and is told once."""
    ways = (Way("ada", (90.0, None), {1: WAITS}), Way("ben", (80.0, 60.0)), Way("cleo", (70.0, None)))
    course = CourseClass("course", SETS, ways)
    assert course.due == (0, 1)
    assert [round(course.total(way)) for way in ways] == [90, 65, 18]
    assert [(way.student, reasons) for way, reasons in attention(course)] == [("cleo", ["nothing handed in for two"])]
    assert "1 submission of two not graded yet; type: autograder grade two" in " ".join(summary(course))


def test_what_could_not_be_graded_is_a_reason_and_counts_as_nothing() -> None:
    """A damaged file is told with its reason, and its points are missing until it is handed in again."""
    ways = (Way("ada", (90.0, None), {1: "two.ipynb is empty"}), Way("ben", (80.0, 60.0)))
    course = CourseClass("course", SETS, ways)
    assert round(course.total(ways[0])) == 22
    assert attention(course) == [(ways[0], ["two: the file handed in is empty"])]


def test_a_set_is_the_hardest_only_where_it_is_harder() -> None:
    """Medians far apart name the hardest and the easiest set; near ones say that all were about as hard."""

    def told(first: float, second: float) -> str:
        return " ".join(summary(CourseClass("course", SETS, (Way("ada", (first, second)),))))

    assert "Hardest set: one (half of the class earned 50 % or less); easiest: two." in told(50, 90)
    assert "All sets were about as hard: half of the class earned 71 to 73 % or more." in told(73, 71)
