"""Who grades: this machine's workers, or those of a cluster."""

from typing import Protocol

from autograder import batch
from autograder.batch import LocalCrew, setup_for
from autograder.cli.errors import UsageError, say
from autograder.cli.grading import Grading
from autograder.isolation import chosen
from autograder.judge.worker import JudgeProcess
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

    def __init__(self, grading: Grading, least: str, jobs: int, backend: str | None) -> None:
        # It loads its libraries while it is looked what isolation there is.
        process = JudgeProcess()
        try:
            used, self.isolation = chosen(backend, least)
            super().__init__(setup_for(grading.assignments, used, grading.limits), jobs, process)
        except BaseException:
            process.close(at_once=True)
            raise

    @property
    def at_once(self) -> int:
        """How many submissions were graded at once."""
        return len(self.stations)


def crew_for(grading: Grading, least: str, jobs: int, dask: str | None, backend: str | None) -> tuple[Crew, str]:
    """Return who grades, and the level of isolation that each result is sure to be made with.

    What it started is ended by `stop`.

    least: the lowest level that is accepted. dask: a cluster's scheduler, or None for this machine.
    backend: another package's sandbox, or None for the built-in one.
    Raises IsolationError, ClusterError, ExtensionError, UsageError.
    """
    if dask is None:
        here = HereCrew(grading, least, jobs, backend)
        return here, here.isolation.level
    if backend is not None:
        msg = f"--backend {backend} can't be used with --dask: a cluster's workers have the built-in sandbox only"
        raise UsageError(msg)
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
