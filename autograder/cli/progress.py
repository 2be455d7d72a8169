"""Progress of long work: a bar on a terminal, plain lines elsewhere, nothing when asked for quiet."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
SECONDS_BETWEEN_LINES = 5.0


def _rate(number: int, total: int, seconds: float) -> str:
    """Say how fast it goes and how long the rest will take."""
    rate = number / max(seconds, 1e-9)
    left = round((total - number) / rate)
    told = f"{left // 3600} h {left % 3600 // 60:02} min" if left >= 3600 else f"{left // 60}:{left % 60:02} min"  # noqa: PLR2004
    return f"{rate:.1f} a second, {told} left"


def _lines(items: Iterable[Item], total: int, what: str, shown: Callable[[Item], str] | None) -> Iterator[Item]:
    started = last = time.monotonic()
    for number, item in enumerate(items, start=1):
        now = time.monotonic()
        if shown is not None and number == 1:
            print(f"{what}: 1 of {total}: {shown(item)}", file=sys.stderr, flush=True)
            last = now
        yield item
        if number < total and now - last > SECONDS_BETWEEN_LINES:
            print(f"{what}: {number} of {total}, {_rate(number, total, now - started)}", file=sys.stderr, flush=True)
            last = now


def _bar(
    items: Iterable[Item], total: int, what: str, shown: Callable[[Item], str] | None, unit: str
) -> Iterator[Item]:
    from tqdm import tqdm

    with tqdm(total=total, desc=what, unit=unit, leave=False, dynamic_ncols=True) as bar:
        for item in items:
            if shown is not None:
                bar.set_postfix_str(shown(item), refresh=bar.n == 0)
            bar.update()
            yield item


def with_progress(
    items: Iterable[Item],
    total: int,
    what: str,
    *,
    quiet: bool,
    shown: Callable[[Item], str] | None = None,
    unit: str = "notebook",
) -> Iterator[Item]:
    """Pass items on, showing how many of `total` there were.

    shown: says in some words what an item is. unit: what to call one.
    """
    if quiet or total < 2:  # noqa: PLR2004 - one thing has no progress
        yield from items
    elif sys.stderr.isatty():
        yield from _bar(items, total, what, shown, unit)
    else:
        yield from _lines(items, total, what, shown)
