"""Leaking between submissions: each finds everything as the first one did, whatever came before it."""

import pytest
from arena import ASSIGNMENT, COURSE, FULL, KEPT, RIGHT, Arena, came_back, corpus
from helpers.grading import solved_by
from helpers.notebooks import replaced

LEAKS = corpus("leaks")


@pytest.mark.parametrize("name", LEAKS)
def test_a_second_submission_finds_what_the_first_one_found(arena: Arena, name: str) -> None:
    """What one submission leaves in files, memory, modules or the kernel is not there for the next."""
    text = f"{LEAKS[name]}\n{RIGHT}"
    first, second = (arena.grade(text) for _ in range(2))
    assert first.scores == second.scores == FULL
    assert first.printed(3) == second.printed(3) != ""
    assert "left_behind" not in second.printed(3)
    arena.is_untouched()


def test_an_answer_that_was_left_is_not_found(arena: Arena) -> None:
    """A right submission can't leave its function for a wrong one, in a file or in memory."""
    leave = "import os, builtins\nopen('/tmp/answer.py', 'w').write('def f(x): return x * x')\nbuiltins.answer = f"
    assert arena.grade(f"{RIGHT}\n{leave}").scores == FULL
    for take in (
        "exec(open('/tmp/answer.py').read())",
        "f = answer",
        "import sys\nsys.path.append('/tmp')\nfrom answer import f",
    ):
        arena.fails(take)


def test_no_source_of_the_last_submission_is_in_memory(arena: Arena) -> None:
    """The text of another student's cells is nowhere in the memory of the next one's process."""
    arena.grade(f"{RIGHT}\nmark = 'left_in_' + 'memory' * 1\n# left_in_memory_as_text")
    look = """import ctypes, gc
def f(x):
    wanted = "left_in_memory" + "_as_text"
    print(any(isinstance(one, str) and wanted in one and one != wanted for one in gc.get_objects()))
    start = id(wanted) & ~0xFFFFF
    print(ctypes.string_at(start, 0xFFFFF).count(wanted.encode()) > 3)
    return 0.0"""
    outcome = arena.fails(look)
    assert "True" not in came_back(outcome).replace('"passed": true', "")


def test_an_attack_between_two_honest_ones_changes_no_seed(arena: Arena) -> None:
    """Hidden cases hang on the submission alone: graded again after others, its checks are the same."""
    wrong = solved_by("ps3_matrix", {"grad_W": "import numpy as np\ndef grad_W(dD, X):\n    return -dD @ X.T"})
    first = arena.grader.grade_set("ps3_matrix", wrong)
    arena.grader.grade(
        replaced(COURSE, {"f": "import numpy as np\nnp.random.seed(0)\nimport os\nos._exit(1)"}), ASSIGNMENT
    )
    assert arena.grader.grade_set("ps3_matrix", wrong).result.exercises == first.result.exercises


def test_a_reader_of_what_was_asked_before_learns_nothing(arena: Arena) -> None:
    """A function that replays what it was given or returned in earlier calls earns nothing."""
    replay = "import numpy as np\nseen = []\ndef f(x):\n    seen.append(x)\n    return seen[0] * seen[0]"
    assert arena.fails(replay).scores == KEPT
