"""Right gradients of many functions, at many scales: none is rejected. The first of two parts, to run side by side."""

import pytest
from oracle_cases import right_cases

from autograder import check_gradient

BLOCK = 2_000
BLOCKS = range(5)


@pytest.mark.parametrize("block", BLOCKS)
def test_no_right_gradient_is_rejected(block: int) -> None:
    """Of ten thousand right gradients at scales from 1e-8 to 1e8, none is rejected."""
    rejected = [
        f"{case.kind}: {check}"
        for case in right_cases(range(block * BLOCK, (block + 1) * BLOCK))
        if not (check := check_gradient(case.problem.f, case.answer, at=case.problem.at))
    ]
    assert rejected == []
