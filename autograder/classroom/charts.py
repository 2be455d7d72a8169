"""The charts, as Vega-Lite specifications (version 6).

Each bar's data name the students in it, so that a click or Enter on it can tell who they are.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from autograder.classroom.analysis import Analysis, many, of_an_answer
from autograder.classroom.mistakes import lost
from autograder.classroom.statistics import BINS, tenth
from autograder.classroom.values import Work

Spec = dict[str, Any]
MOST_MISTAKES = 15
MOST_LABEL = 34
# Pixels for what a mistake is called; the page gives it more where it is wide.
MISTAKE_ROOM = 180
# Pixels a bar; a number and not a step, so that Vega-Lite has no size of its own to drop.
STEP = 24
TIME_STEPS = (0.25, 0.5, 1, 2, 5, 10, 20, 60)


def bars(values: list[Spec], x: Spec, y: Spec, description: str, height: int) -> Spec:
    """Return a bar chart whose bars can be picked."""
    tooltip = [{"field": name, "type": "nominal", "title": title} for name, title in _TOLD if name in values[0]]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": description,
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "height": height,
        "data": {"values": values},
        "params": [{"name": "picked", "select": {"type": "point", "fields": ["label"]}}],
        "mark": {"type": "bar", "cursor": "pointer", "color": "#2f6fb3", "cornerRadius": 2},
        "encoding": {
            "x": x, "y": y, "tooltip": tooltip, "description": {"field": "told", "type": "nominal"},
            "opacity": {"condition": {"param": "picked", "value": 1}, "value": 0.45},
        },
    }  # fmt: skip


_TOLD = (("label", "what"), ("shown", "how many"), ("more", "and"))


def _short(text: str) -> str:
    return text if len(text) <= MOST_LABEL else text[: MOST_LABEL - 1] + "…"


def _students(works: Sequence[Work], number: dict[str, int]) -> list[int]:
    return [number[work.student] for work in works]


def _bar(label: str, works: Sequence[Work], number: dict[str, int], **more: Any) -> Spec:
    shown = many(len(works), "student")
    return {
        "label": label, "count": len(works), "students": _students(works, number), "shown": shown,
        "told": f"{label}: {more.get('more') or shown}", **more,
    }  # fmt: skip


def scores_chart(found: Analysis, number: dict[str, int]) -> Spec:
    """Return the distribution of scores, by tenths of all points."""
    classroom = found.classroom
    by_tenth: list[list[Work]] = [[] for _ in range(BINS)]
    for work in classroom.counted:
        by_tenth[tenth(classroom.percent(work))].append(work)
    values = []
    for place, works in enumerate(by_tenth):
        last = place == BINS - 1
        label = f"{10 * place} to {10 * place + 10} %" if last else f"{10 * place} to under {10 * place + 10} %"
        values.append(_bar(label, works, number, place=f"{10 * place}"))
    x = {
        "field": "place",
        "type": "ordinal",
        "sort": None,
        "title": "percent of all points, from",
        "axis": {"labelAngle": 0},
    }
    y = {"field": "count", "type": "quantitative", "title": "students", "axis": {"tickMinStep": 1}}
    return bars(values, x, y, "How many students earned how many percent of the points", 200)


def exercises_chart(found: Analysis, number: dict[str, int]) -> Spec | None:
    """Return how much of each exercise was earned; a bar names those who lost points in it."""
    values = []
    for one in found.items:
        if one.difficulty.value is None:
            continue
        share = 100 * one.difficulty.value
        losers = [work for work in found.classroom.counted if lost(work, one.item)]
        told = one.discrimination.value
        more = f"{share:.0f} % of its points earned; discrimination {'none' if told is None else f'{told:.2f}'}"
        values.append(_bar(one.item.name, losers, number, share=share, more=more, axis=_short(one.item.name)))
        values[-1]["shown"] = f"{many(len(losers), 'student')} lost points"
    if not values:
        return None
    x = {
        "field": "share",
        "type": "quantitative",
        "title": "percent of its points earned",
        "scale": {"domain": [0, 100]},
    }
    y = {"field": "axis", "type": "ordinal", "sort": None, "title": None, "axis": {"labelLimit": 160}}
    return bars(values, x, y, "What part of each exercise's points the class earned", STEP * len(values))


def mistakes_chart(found: Analysis, number: dict[str, int]) -> Spec | None:
    """Return the most frequent mistakes; a bar names those who made it."""
    values: list[Spec] = []
    for one in found.made[:MOST_MISTAKES]:
        label = f"{one.item.name}: {of_an_answer(one.text)}"
        # Two mistakes may be alike in short, and each needs a bar of its own.
        label = label if all(label != other["label"] for other in values) else f"{label} ({one.id})"
        values.append(_bar(label, one.works, number))
    if not values:
        return None
    x = {"field": "count", "type": "quantitative", "title": "students", "axis": {"tickMinStep": 1}}
    y = {"field": "label", "type": "ordinal", "sort": None, "title": None, "axis": {"labelLimit": MISTAKE_ROOM}}
    return bars(values, x, y, "The most frequent mistakes, by how many students made them", STEP * len(values))


def times_chart(found: Analysis, number: dict[str, int]) -> Spec | None:
    """Return how long submissions took to grade."""
    steps: list[list[Work]] = [[] for _ in range(len(TIME_STEPS) + 1)]
    timed = [work for work in found.classroom.works if work.seconds > 0]
    for work in timed:
        steps[sum(work.seconds >= step for step in TIME_STEPS)].append(work)
    if not timed:
        return None
    labels = [f"under {TIME_STEPS[0]:g} s"]
    labels += [f"{low:g} to {high:g} s" for low, high in pairwise(TIME_STEPS)]
    labels += [f"{TIME_STEPS[-1]:g} s or more"]
    last = max(place for place, works in enumerate(steps) if works)
    values = [_bar(label, works, number) for label, works in zip(labels[: last + 1], steps, strict=False)]
    x = {"field": "label", "type": "ordinal", "sort": None, "title": "seconds to grade", "axis": {"labelAngle": -30}}
    y = {"field": "count", "type": "quantitative", "title": "students", "axis": {"tickMinStep": 1}}
    return bars(values, x, y, "How long submissions took to grade", 160)


def charts_of(found: Analysis, number: dict[str, int]) -> list[Spec]:
    """Return the page's charts: where each stands, and its specification. number: of each student on the page."""
    made = {
        "chart-scores": scores_chart(found, number) if found.distribution.number else None,
        "chart-exercises": exercises_chart(found, number) if found.distribution.number else None,
        "chart-mistakes": mistakes_chart(found, number),
        "chart-times": times_chart(found, number),
    }
    return [{"id": place, "spec": spec} for place, spec in made.items() if spec is not None]
