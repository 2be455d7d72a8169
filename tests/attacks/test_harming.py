"""Harming the grader, this machine, or other submissions: nothing outside is written, ended or changed."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from arena import COURSE, FULL, Arena, came_back, corpus
from helpers.notebooks import ROOT, replaced

HARMS, UNDERMINERS = corpus("harms"), corpus("underminers")


@pytest.mark.parametrize("name", HARMS)
def test_nothing_outside_is_harmed(arena: Arena, name: str) -> None:
    """Whatever is tried from inside, the grader goes on, and the exercises around keep their points."""
    arena.fails(HARMS[name])


@pytest.mark.parametrize("name", UNDERMINERS)
def test_what_is_left_in_the_process_costs_no_later_exercise(arena: Arena, name: str) -> None:
    """A later exercise that fails in a process that was tampered with is judged in one that was not."""
    outcome = arena.fails(UNDERMINERS[name])
    # Where it had to be judged without the cell that did the harm, that is told.
    assert {check.name for check in outcome["after"].checks} <= {"test", "apart"}


UNDER_ALL = {
    "the shell's own function": "get_ipython().__class__.run_cell = None",
    "NumPy's own functions": "np.asarray = np.errstate = np.frombuffer = lambda *a, **k: 0",
    "a trace of every line": """import sys
def empty(frame, event, argument):
    for value in frame.f_locals.values():
        if isinstance(value, np.ndarray) and value.flags.writeable:
            value[...] = 0
    return empty
sys.settrace(empty)""",
}


@pytest.mark.parametrize("name", UNDER_ALL)
def test_what_a_cell_puts_under_all_later_calls_costs_only_its_own_points(arena: Arena, name: str) -> None:
    """What replaces NumPy's functions or traces all code harms no later function that does not use it."""
    arena.set_loses("ps3_matrix", {"forward": f"{UNDER_ALL[name]}\ndef forward(W, X, b):\n    return X"}, "forward")


def test_the_look_for_processes_that_are_left_finds_one(arena: Arena) -> None:
    """A submission that is still running is found, so that finding none means that none is left."""
    with ThreadPoolExecutor() as pool:
        grading = pool.submit(arena.grade, "import time\ntime.sleep(2)\ndef f(x):\n    return x * x")
        seen = False
        while not grading.done():
            seen = seen or bool(arena.running())
            time.sleep(0.01)
        assert grading.result().scores == FULL
    assert seen
    arena.is_untouched()


def _state_of(folder: Path) -> dict[str, tuple[int, int]]:
    facts = ((path, path.lstat()) for path in folder.rglob("*") if "__pycache__" not in path.parts)
    return {str(path): (fact.st_size, fact.st_mtime_ns) for path, fact in facts}


def test_nothing_is_written_outside(arena: Arena) -> None:
    """A submission that writes wherever it can leaves the course, the engine and the grader's folder as they were."""
    folders = [ROOT / name for name in ("autograder", "solutions", "source")]
    before = [_state_of(folder) for folder in folders]
    places = [*map(str, folders), str(arena.grader.folder), str(Path.home()), "/var/tmp", "/dev/shm", "/run"]
    text = f"""import os, pathlib
def f(x):
    for place in {places!r}:
        for folder in (place, "/tmp/../" + place, "/proc/1/root" + place, "/loop/../.." + place):
            try:
                os.makedirs(folder, exist_ok=True)
                pathlib.Path(folder, "written_by_an_attack").write_text("x")
            except OSError:
                pass
    return 0.0"""
    outcome = arena.grade(text)
    assert outcome.scores["f"] == 0
    assert [_state_of(folder) for folder in folders] == before
    assert not [place for place in places if Path(place, "written_by_an_attack").exists()]
    arena.is_untouched()


def test_a_socket_of_this_machine_can_not_be_reached_by_name(arena: Arena, tmp_path: Path) -> None:
    """Neither a socket file nor an abstract name of this machine is there on the student's side."""
    tmp_path.chmod(0o755)
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as abstract:
        for one, address in ((server, str(tmp_path / "s")), (abstract, "\0autograder-attack")):
            one.bind(address)
            one.listen()
            one.settimeout(0)
            text = f"import socket\ndef f(x):\n    socket.socket(socket.AF_UNIX).connect({address!r})"
            assert arena.grade(text).scores["f"] == 0
            with pytest.raises(BlockingIOError):
                one.accept()
    arena.is_untouched()


def test_the_exercises_around_a_dying_one_keep_their_points(arena: Arena) -> None:
    """However often an answer ends the process, while it is looked at, the set's other exercises are judged."""
    dying = "import os\nclass A:\n    def __len__(self): os._exit(1)\n    def __getitem__(self, k): return 1.0\n"
    outcome = arena.set_loses(
        "ps2_linear", {"grad_chain": f"{dying}def grad_chain(W1, W2, x, dL_dy):\n    return A()"}, "grad_chain"
    )
    assert "exited with status 1" in came_back(outcome)
    names = ("grad_two_layers", "grad_relu_neuron", "grad_three_layers", "grad_sigmoid_neuron", "grad_deep_sigmoid")
    texts = {name: f"{dying}def {name}(*a, **k):\n    return A()" for name in names}
    arena.set_loses("ps1_chain_rule", texts, *names)


LATER = "import os, threading, time\ndef f(x):\n    threading.Timer(0.05, lambda: {end}).start()\n    return x"
WHILE = {
    "a cell runs": "import time\ntime.sleep(0.2)\ndef after(x):\n    return x - 1",
    "a test runs": "import time\ndef after(x):\n    time.sleep(0.2)\n    return x - 1",
}


@pytest.mark.parametrize("end", ["os._exit(3)", "os.write(3, bytes(64))"])
@pytest.mark.parametrize("name", WHILE)
def test_an_exercise_that_ends_the_process_later_costs_its_own_points(arena: Arena, name: str, end: str) -> None:
    """A thread that ends the process, or garbles what it says, while the next exercise is judged costs it nothing."""
    outcome = arena.fails_as(replaced(COURSE, {"f": LATER.format(end=end), "after": WHILE[name]}))
    assert outcome.result.resources.restarts == 0
