"""The page on a course: every student's way through the sets."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from autograder.classroom.analysis import Fact, many
from autograder.classroom.charts import Spec
from autograder.classroom.course_values import LOW, CourseClass, Way, attention
from autograder.classroom.pages import Everybody, page
from autograder.classroom.statistics import BINS, tenth
from autograder.classroom.tables import as_csv

# The little picture of a way, in its own units.
WIDE, HIGH, EDGE = 100, 24, 3
# Medians that are less apart than this many percent make no set the hardest.
APART = 5


def _whole(course: CourseClass, number: dict[str, int]) -> Spec:
    from autograder.classroom.charts import bars

    values: list[Spec] = []
    for place in range(BINS):
        mine = [way for way in course.ways if tenth(course.total(way)) == place]
        label = f"{10 * place} to {10 * place + 10} %"
        shown = many(len(mine), "student")
        values.append(
            {
                "label": label, "place": f"{10 * place}", "count": len(mine), "shown": shown,
                "told": f"{label} of the course's points: {shown}", "students": [number[way.student] for way in mine],
            }
        )  # fmt: skip
    x: Spec = {"field": "place", "type": "ordinal", "sort": None, "title": "percent of the due sets' points, from"}
    y = {"field": "count", "type": "quantitative", "title": "students", "axis": {"tickMinStep": 1}}
    x["axis"] = {"labelAngle": 0}
    return bars(values, x, y, "How many students earned how much of the course so far", 180)


def _way(course: CourseClass, number: dict[str, int]) -> Spec:
    """Return the class's quartiles set by set, with room for one student's line."""
    values = []
    for place, one in enumerate(course.sets):
        spread = course.spread(place)
        if spread.median.value is None:
            continue
        weak = [way for way in course.ways if (found := way.percents[place]) is not None and found < LOW]
        told = f"{one.name}: half of the class earned {spread.median.value:.0f} % or more"
        values.append(
            {
                "set": one.name, "label": one.name, "median": spread.median.value, "lower": spread.lower.value,
                "upper": spread.upper.value, "told": f"{told}; {many(len(weak), 'student')} less than {LOW:.0f} %",
                "shown": told, "students": [number[way.student] for way in weak],
            }
        )  # fmt: skip
    x = {"field": "set", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": -20}}
    y = {"type": "quantitative", "title": "percent of the set's points", "scale": {"domain": [0, 100]}}
    named = {"field": "told", "type": "nominal"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": "Median and middle half of the class in each set",
        "width": "container", "height": 220, "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "area", "opacity": 0.25, "color": "#2f6fb3", "aria": False},
             "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}}},
            {"mark": {"type": "line", "color": "#2f6fb3", "aria": False},
             "encoding": {"x": x, "y": {**y, "field": "median"}}},
            {"mark": {"type": "point", "filled": True, "size": 140, "color": "#2f6fb3", "cursor": "pointer"},
             "encoding": {"x": x, "y": {**y, "field": "median"}, "description": named, "tooltip": named}},
            {"data": {"name": "student", "values": [{"set": one.name, "percent": None} for one in course.sets]},
             "mark": {"type": "line", "point": {"color": "#c2410c", "aria": False}, "color": "#c2410c", "aria": False},
             "encoding": {"x": x, "y": {**y, "field": "percent"}}},
        ],
    }  # fmt: skip


def _hardest(course: CourseClass) -> list[Fact]:
    spreads = [(course.spread(place), one) for place, one in enumerate(course.sets)]
    known = [(spread.median.value, one.name) for spread, one in spreads if spread.median.value is not None]
    if len(known) < 2:  # noqa: PLR2004 - one alone is neither
        return []
    low, high = min(known), max(known)
    told = f"Hardest set: {low[1]} (half of the class earned {low[0]:.0f} % or less); easiest: {high[1]}."
    if high[0] - low[0] < APART:
        told = f"All sets were about as hard: half of the class earned {low[0]:.0f} to {high[0]:.0f} % or more."
    return [Fact(told, "sets", "sets")]


def facts(course: CourseClass) -> list[Fact]:
    """Return what somebody should know after a minute."""
    handed_in = f"{many(len(course.ways), 'student')}, {many(len(course.sets), 'set')} handed in so far."
    lines = [Fact(handed_in, "students", ""), *_hardest(course)]
    for place, one in enumerate(course.sets):
        waiting = sum(way.waits(place) for way in course.ways)
        if waiting:
            told = f"{many(waiting, 'submission')} of {one.name} not graded yet; type: autograder grade {one.name}"
            lines.append(Fact(f"{told} (until then nobody's share of the course counts them).", "sets", ""))
    needy = attention(course)
    more = "who, and why" if needy else ""
    lines.append(Fact(f"{many(len(needy), 'student')} may need attention.", "attention", more))
    finished = sum(all(way.percents[place] is not None for place in course.due) for way in course.ways)
    told = f"{finished} of {len(course.ways)} have a graded submission for every set that is due."
    return [*lines, Fact(told, "students", "students")]


def summary(course: CourseClass) -> list[str]:
    """Return the same without links, a sentence each."""
    return [fact.text for fact in facts(course)]


class _View:
    """What the template asks for, by student."""

    def __init__(self, course: CourseClass, everybody: Everybody) -> None:
        self.course, self.everybody = course, everybody

    def who(self, way: Way) -> Any:
        """Return how a student is named."""
        return self.everybody.who(way.student)

    def points(self, way: Way) -> list[tuple[float, float]]:
        """Return where a way's percentages stand in its little picture."""
        step = (WIDE - 2 * EDGE) / max(1, len(way.percents) - 1)
        return [
            (round(EDGE + place * step, 1), round(HIGH - EDGE - min(100.0, one) / 100 * (HIGH - 2 * EDGE), 1))
            for place, one in enumerate(way.percents)
            if one is not None
        ]

    def data(self, way: Way) -> str:
        """Return a way as the chart takes it."""
        pairs = zip(self.course.sets, way.percents, strict=True)
        return json.dumps([{"set": one.name, "percent": percent} for one, percent in pairs])


def course_page(course: CourseClass, *, anonymous: bool, now: datetime, beside: Collection[str] = ()) -> str:
    """Return the HTML of the report on a course.

    anonymous: leave all names out. beside: the sets whose own pages lie beside this one, and are linked to.
    """
    everybody = everybody_of(course, anonymous=anonymous)
    charts = [
        {"id": "chart-way", "spec": _way(course, everybody.number)},
        {"id": "chart-whole", "spec": _whole(course, everybody.number)},
    ]
    return page(
        "course.html.j2", charts, title=f"{course.name}: report on the course", course=course,
        view=_View(course, everybody), facts=facts(course), attention=attention(course), anonymous=anonymous,
        beside=beside, made=f"{now:%Y-%m-%d %H:%M}",
    )  # fmt: skip


def everybody_of(course: CourseClass, *, anonymous: bool) -> Everybody:
    """Return the students of a course, in the numbers that stand for them."""
    return Everybody((way.student for way in course.ways), course.names, course.name, anonymous=anonymous)


def course_csv(course: CourseClass, *, anonymous: bool) -> str:
    """Return a row for each student: percent in each set, in all, the trend, and why attention is due."""
    everybody, why = everybody_of(course, anonymous=anonymous), {way.student: told for way, told in attention(course)}
    columns = ["student", *(one.name for one in course.sets), "total_percent", "trend", "attention"]
    rows = [
        [
            everybody.who(way.student).shown, *way.percents, course.total(way), course.trend(way),
            "; ".join(why.get(way.student, [])),
        ]
        for way in course.ways
    ]  # fmt: skip
    return as_csv(columns, rows)
