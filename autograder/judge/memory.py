"""What the judge itself may take of the machine's memory."""

import resource

from autograder.callloop.limits import MEGABYTE

JUDGE_MEMORY = 2048 * MEGABYTE


def limit_memory() -> None:
    """Bound what a test can allocate, so that a student's value ends the test and not the machine."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - one line of a kernel file
        in_use = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (in_use + JUDGE_MEMORY, in_use + JUDGE_MEMORY))
