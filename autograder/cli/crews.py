"""Who grades: this machine's workers, or those of a cluster."""

from typing import Protocol

from autograder import batch
from autograder.batch import LocalCrew, setup_for
from autograder.cli.errors import UsageError, say
from autograder.cli.grading import Grading
from autograder.isolation import strongest
from autograder.report import Isolation


class Crew(batch.Crew, Protocol):
    """A crew that can say what it was, once all is graded."""

    @property
    def at_once(self) -> int:
        """How many submissions were graded at once."""
        ...

    @property
    def isolation(self) -> Isolation:
        """The isolation that held for every result."""
        ...


class HereCrew(LocalCrew):
    """The workers of this machine, with the isolation that they were given."""

    def __init__(self, grading: Grading, least: str, jobs: int) -> None:
        backend, self.isolation = strongest(least)
        super().__init__(setup_for(grading.assignments, backend, grading.limits), jobs)

    @property
    def at_once(self) -> int:
        """How many submissions were graded at once."""
        return self.jobs


def crew_for(grading: Grading, least: str, jobs: int, dask: str | None) -> tuple[Crew, str]:
    """Return who grades, and the level of isolation that each result is sure to be made with.

    least: the lowest level that is accepted. dask: a cluster's scheduler, or None for this machine.
    Raises IsolationError, ClusterError, UsageError.
    """
    if dask is None:
        here = HereCrew(grading, least, jobs)
        return here, here.isolation.level
    try:
        from autograder.cluster.crew import ClusterCrew
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("dask", "distributed"):
            raise
        msg = f"{error.name} is not installed; --dask needs it: pip install 'backprop-autograder[dask]'"
        raise UsageError(msg) from None
    from autograder.cluster.parcel import Parcel

    # Its workers may differ in what they give; what was asked for, all of them do.
    return ClusterCrew(dask, Parcel.of(grading.assignments, grading.limits, least), say), least
