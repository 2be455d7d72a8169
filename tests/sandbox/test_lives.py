"""One submission after another: nothing is left of the last one, and the server outlives them all."""

import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers.inside import Inside, children, newest, small_server

from autograder.callloop.frames import PeerGoneError, WireError
from autograder.sandbox.fork_server import ForkServer, SandboxError


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    """A running sandbox."""
    running = small_server()
    yield running
    running.close()


def _below(server: ForkServer) -> set[int]:
    assert server._process is not None
    return children(server._process.pid)


def _soon(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()


SPOIL = """import builtins, os, sys, numpy as np, threading, time
open('/tmp/left', 'w').write('x')
os.makedirs('/tmp/folder/deep')
os.environ['LEFT'] = 'x'
builtins.left = 'x'
left = 'x'
np.left = 'x'
sys.modules['left'] = np
sys.path.append('/tmp')
os.umask(0o777)
np.seterr(all='raise')
threading.Thread(target=time.sleep, args=(1000,)).start()
get_ipython().register_magic_function(print, 'line', 'left')"""
LOOK = """import builtins, os, sys, numpy as np
left_over = 'left' in globals() or hasattr(builtins, 'left') or hasattr(np, 'left') or 'left' in sys.modules
print(os.listdir('/tmp'), os.environ.get('LEFT'), left_over, '/tmp' in sys.path, os.umask(0o22) == 0o777)
print(np.geterr()['divide'])"""


def test_nothing_is_left_of_an_earlier_submission(server: ForkServer) -> None:
    """Files, names, modules, settings and threads of one submission are not there in the next."""
    first = Inside(server)
    first.printed(SPOIL)
    first.end()
    second = Inside(server)
    assert second.printed(LOOK) == "[] None False False False\nwarn\n"
    second.end()


def test_the_processes_of_a_submission_are_gone_when_it_ends(server: ForkServer) -> None:
    """After its end no process of a submission is left."""
    before = _below(server)
    process = Inside(server)
    process.printed("import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()")
    assert len(_below(server)) == len(before) + 1
    process.end()
    assert _soon(lambda: _below(server) == before)


ENDINGS = {
    "exit": ("import os; os._exit(7)", "exited with status 7"),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    "pipe closed": ("import os; os.close(3); os._exit(3)", "exited with status 3"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_how_a_process_ended_is_told(server: ForkServer, name: str) -> None:
    """A process that ends by itself is told by its status or signal, and the next one starts."""
    text, told = ENDINGS[name]
    process = Inside(server)
    with pytest.raises(PeerGoneError):
        process.run(text)
    process.channel.connection.close()
    assert told in server.end(gone=True).in_words()
    after = Inside(server)
    assert after.printed("print(1)") == "1\n"
    after.end()


def test_the_server_survives_a_hundred_submissions(server: ForkServer) -> None:
    """A hundred submissions, one in ten of them dying, leave the server with no more processes and descriptors."""
    before = _below(server)
    watched = newest(before)
    descriptors = len(list(Path(f"/proc/{watched}/fd").iterdir()))
    for number in range(100):
        process = Inside(server)
        if number % 10:
            assert process.printed(f"print({number})") == f"{number}\n"
        else:
            with pytest.raises(PeerGoneError):
                process.run("import os; os._exit(1)")
        process.end()
    assert _soon(lambda: _below(server) == before)
    assert len(list(Path(f"/proc/{watched}/fd").iterdir())) == descriptors


def test_a_forged_answer_is_the_students_word_and_no_more(server: ForkServer) -> None:
    """Bytes that a student writes to the pipe are read as an answer, or refused, and the server is untouched."""
    process = Inside(server)
    with pytest.raises((WireError, PeerGoneError, TimeoutError)):
        process.run("import os; os.write(3, b'\\xff' * 4096)")
    process.end()
    after = Inside(server)
    assert after.printed("print(1)") == "1\n"
    after.end()


def test_random_numbers_hang_on_the_seed_alone(server: ForkServer) -> None:
    """The same seed gives the same random numbers and the same hashes, in every process."""
    look = "import random, numpy as np\nprint(random.random(), np.random.rand(), hash('x'))"
    seen = []
    for _ in range(2):
        process = Inside(server)
        seen.append(process.printed(look))
        process.end()
    assert seen[0] == seen[1]


def test_closing_the_server_ends_everything() -> None:
    """When the grader closes a sandbox, all of its processes end, a running submission's too."""
    server = small_server()
    process = Inside(server)
    process.printed("x = 1")
    below = _below(server)
    assert len(below) >= 2
    server.close()
    process.channel.connection.close()
    assert _soon(lambda: not any(Path(f"/proc/{one}").exists() for one in below))


def test_a_killed_server_is_told(server: ForkServer) -> None:
    """A sandbox that was killed from outside leaves no process, and raises SandboxError on the next start."""
    broken = small_server()
    below = _below(broken)
    assert broken._process is not None
    os.kill(broken._process.pid, signal.SIGKILL)
    assert _soon(lambda: not any(Path(f"/proc/{one}").exists() for one in below))
    with pytest.raises(SandboxError):
        Inside(broken)
    broken.close()


def test_what_a_sandbox_used_is_counted() -> None:
    """Whoever times the grader from outside counts the CPU of students' code as well, once its sandbox has ended."""

    def counted() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    sandbox = small_server()
    process = Inside(sandbox)
    process.printed("import time\nwhile time.process_time() < 2: pass")
    process.end()
    before = counted()
    sandbox.close()
    assert counted() - before > 1.9
