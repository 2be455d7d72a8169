"""The five sets are verified whole: no mutant survives, no right answer is rejected, every mistake is named."""

import pytest
from helpers.notebooks import ROOT, SETS

from autograder.isolation import strongest
from autograder.verify.bench import Settings
from autograder.verify.results import Fate, Findings
from autograder.verify.tables import faults, strength, text
from autograder.verify.verification import Verification

JOBS = 1
ENOUGH_MUTANTS, FEWEST_VARIANTS = 200, 100


def _verified(name: str) -> Findings:
    with Verification(ROOT, name, strongest("full")[0], Settings(jobs=JOBS)) as verification:
        total = verification.plan()
        assert len(list(verification.work())) == total
        return verification.findings


@pytest.mark.parametrize("name", SETS)
def test_a_set_has_no_fault(name: str) -> None:
    """Every copy, mistake, mutant and right answer of a set gets what it must."""
    findings = _verified(name)
    assert list(faults(findings)) == []
    assert not findings.incomplete
    assert len(findings.mutants) > ENOUGH_MUTANTS
    assert len(findings.variants) > FEWEST_VARIANTS
    assert {one.exercise for one in findings.mistakes} == set(findings.exercises)
    killed = [one for one in findings.mutants if one.fate is Fate.KILLED]
    assert all(one.checks for one in killed)
    assert strength(findings)["value"]["finds"] > len(findings.exercises)
    assert "no fault found" in text(findings)
