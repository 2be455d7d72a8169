"""What `verify` finds, as frozen values: the only thing that its tables and its JSON are made of."""

from dataclasses import dataclass
from enum import Enum


class Fate(Enum):
    """What became of a mutant."""

    KILLED = "killed"
    EQUIVALENT = "equivalent"
    SURVIVED = "survived"


@dataclass(frozen=True)
class MutantResult:
    """One mutant and what became of it.

    checks: the names of the checks that it fails with the first seed.
    note: for a survivor, what is known of how it differs from the reference.
    """

    exercise: str
    function: str
    operator: str
    group: str
    fate: Fate
    checks: tuple[str, ...]
    diff: str
    note: str = ""


@dataclass(frozen=True)
class VariantResult:
    """A right answer that was written or given in another way; message says why it was rejected, or is ""."""

    exercise: str
    variant: str
    message: str = ""


@dataclass(frozen=True)
class MistakeResult:
    """A declared mistake.

    caught: whether it lost its function's points. asked: whether the rest was looked at.
    named: the id that the diagnosis gave it, or None.
    hurt: later exercises that lost points with it in the reference's place.
    """

    exercise: str
    id: str
    caught: bool
    named: str | None = None
    hurt: tuple[str, ...] = ()
    asked: bool = False

    @property
    def is_fault(self) -> bool:
        """True if it passed, was not named, or cost another exercise's points."""
        return not self.caught or (self.asked and self.named != self.id) or bool(self.hurt)


@dataclass(frozen=True)
class CopyResult:
    """A copy of the notebook that went through the sandbox.

    wrong: what is wrong with its scores; empty if they are as they must be.
    incomplete: True if a test could not be judged at all.
    """

    name: str
    score: float
    max_score: float
    wrong: tuple[str, ...] = ()
    incomplete: bool = False


@dataclass(frozen=True)
class Findings:
    """All that is found of one problem set."""

    assignment: str
    exercises: tuple[str, ...]
    copies: tuple[CopyResult, ...] = ()
    mistakes: tuple[MistakeResult, ...] = ()
    mutants: tuple[MutantResult, ...] = ()
    variants: tuple[VariantResult, ...] = ()
    seconds: float = 0.0

    @property
    def survivors(self) -> tuple[MutantResult, ...]:
        """The mutants that the tests let pass although they are wrong."""
        return tuple(one for one in self.mutants if one.fate is Fate.SURVIVED)

    @property
    def rejected(self) -> tuple[VariantResult, ...]:
        """The right answers that the tests reject."""
        return tuple(one for one in self.variants if one.message)

    @property
    def has_faults(self) -> bool:
        """True if anything is not as it must be."""
        return bool(
            self.survivors
            or self.rejected
            or any(one.wrong for one in self.copies)
            or any(one.is_fault for one in self.mistakes)
        )

    @property
    def incomplete(self) -> bool:
        """True if a copy of the notebook could not be judged."""
        return any(one.incomplete for one in self.copies)
