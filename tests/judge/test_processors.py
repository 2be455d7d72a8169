"""A judge and its student have a processor for themselves, as long as there are enough."""

import os
import secrets

import pytest

from autograder.judge import processors


@pytest.fixture(autouse=True)
def _nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the claims of graders that run at the same time not count."""
    monkeypatch.setattr(processors, "CLAIM", f"\0{secrets.token_hex(8)}-{{}}")


def test_no_two_have_the_same_processor() -> None:
    """Each claim is of another processor, up to all of them; one more gets none, and is no error."""
    allowed = os.sched_getaffinity(0)
    claims = [processors.claimed() for _ in range(len(allowed) + 1)]
    numbers = [number for number, _ in claims]
    for _, claim in claims:
        claim.close()
    assert set(numbers[:-1]) == allowed
    assert numbers[-1] is None


def test_a_claim_ends_when_it_is_closed() -> None:
    """A processor whose claim was closed can be claimed again."""
    for _ in range(2 * len(os.sched_getaffinity(0))):
        number, claim = processors.claimed()
        claim.close()
        assert number is not None


def test_a_process_stays_where_it_is_put() -> None:
    """A fork that is kept on one processor may run on no other."""
    child = os.fork()
    if child == 0:
        processors.stay_on(min(os.sched_getaffinity(0)))
        os._exit(len(os.sched_getaffinity(0)))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
