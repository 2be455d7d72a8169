"""Coroutines across the boundary: a test runs and awaits those of the student's functions as a notebook would."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, hidden, solution

RIGHT = "import asyncio\nasync def f(n):\n    await asyncio.sleep(0)\n    return [n + 1]"
WRONG = "async def f(n):\n    return [n]"
TESTS = {
    "run": "import asyncio\nassert asyncio.run(f(3)) == [4]",
    "awaited": "assert await f(3) == [4]",
    "awaited and kept": "got = await f(3)\nassert got == [4]",
    "awaited in a hidden part": hidden("assert await f(3) == [4]"),
    "gathered": "import asyncio\nassert await asyncio.gather(f(3), f(4)) == [[4], [5]]",
    "in the test's own": "import asyncio\nasync def both():\n    return await f(3) + await f(4)\n"
    "assert asyncio.run(both()) == [4, 5]",
    "of a kind": "import inspect\nassert inspect.iscoroutine(f(3))\nassert await f(3) == [4]",
}


@pytest.mark.parametrize("test", TESTS.values(), ids=TESTS)
def test_a_coroutine_gives_what_it_gives_where_it_was_made(grader: Grader, test: str) -> None:
    """What a student's coroutine returns is judged, whichever way a test waits for it."""
    cells = solution("f", RIGHT), check("test_f", test, 2)
    assert grader.judge(*cells, f=RIGHT).scores == {"f": 2}
    assert grader.judge(*cells, f=WRONG).scores == {"f": 0}


def test_an_error_of_a_coroutine_is_the_students(grader: Grader) -> None:
    """What a coroutine raises reaches the test, and one that never ends costs its own points."""
    test = "try:\n    await f(3)\nexcept ValueError as error:\n    got = str(error)\nassert got == 'no'"
    cells = solution("f", RIGHT), check("test_f", test, 2)
    assert grader.judge(*cells, f="async def f(n):\n    raise ValueError('no')").scores == {"f": 2}
    outcome = grader.judge(*cells, f="async def f(n):\n    raise KeyError(n)")
    assert outcome.scores == {"f": 0}
    assert "KeyError" in outcome.message("f")
