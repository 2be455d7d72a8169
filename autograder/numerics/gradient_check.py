"""The outcome of a gradient check, as a student reads it: numeric beside analytic, entry by entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.drawing.comparison import Comparison
from autograder.drawing.markup import escaped
from autograder.drawing.panel import Part, compared, panel, verdict
from autograder.drawing.showing import Shown
from autograder.numerics.comparison import ERROR_MARGIN, relative_tolerance
from autograder.numerics.differences import NumericGradient
from autograder.numerics.recognition import recognised

REFERENCE = "numeric"


@dataclass(frozen=True, repr=False)
class GradientCheck(Shown):
    """The outcome of comparing one analytic gradient with the numeric one.

    name: what the gradient is called in messages.
    analytic: the gradient that was checked, as it came; or its products with random directions.
    numeric: the numeric gradient, in the shape of the point; or the derivatives along directions.
    problem: why the two cannot be compared at all (a wrong shape, not numbers), or "".
    passed: True if the norm of the difference is within tolerance of the norms of the two.
    along_directions: True if what is compared are derivatives along random directions.
    axes, sizes: the names of the gradient's axes, and the sizes of all dimensions, where they are known.
    """

    name: str
    analytic: NDArray[Any]
    numeric: NumericGradient
    problem: str
    passed: bool
    along_directions: bool = False
    axes: tuple[str, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.passed

    @property
    def summary(self) -> str:
        """Say in one or two sentences what was found and where to look."""
        if self.problem:
            return f"{self.name}: {self.problem} {self.diagnosis or self._shape_advice()}".rstrip()
        left_out = int(self.numeric.on_kink.sum())
        note = f" ({left_out} left out: the function has a corner there)" if left_out else ""
        compared_ones = self.numeric.values.size - left_out
        if self.passed:
            things = "directions" if self.along_directions else "entries"
            counted = f"all {compared_ones} {things} agree" if compared_ones > 1 else "agrees"
            return f"{self.name}: {counted} with the numeric gradient{note}"
        entry = self.comparison().worst()
        numbers = f"the numeric gradient is {self.numeric.values[entry]:.6g}, yours is {self.analytic[entry]:.6g}{note}"
        advice = self.diagnosis or self._advice()
        return f"{self.name}: {self._label(entry) or 'the value'} differs most: {numbers}. {advice}"

    @property
    def diagnosis(self) -> str:
        """What a wrong gradient looks like, in a sentence; "" where it is right, or like nothing known."""
        if self.passed or self.analytic.dtype.kind not in "biuf":
            return ""
        kink = self.numeric.on_kink
        if kink.any() and (self.problem or kink.all()):
            return ""
        answer = np.where(kink, 0.0, self.analytic) if kink.any() else self.analytic
        found = recognised(answer, np.where(kink, 0.0, self.numeric.values), self.sizes)
        # Along directions only what holds for the whole gradient is meant.
        return found if not self.along_directions or "times" in found or "opposite sign" in found else ""

    def _advice(self) -> str:
        if self.along_directions:
            return "Check with mode='entries', or at a smaller point, to see which entries are wrong."
        if not np.any(self.numeric.values):
            return "The function does not change at all when its argument is nudged; does it use its argument?"
        return (
            "Nudging that input by a little changes the function by the numeric value times the nudge; "
            "follow that one number through your formula."
        )

    def _shape_advice(self) -> str:
        due = self.numeric.values.shape
        if not due or self.analytic.shape == due or self.analytic.dtype.kind not in "biuf":
            return ""
        return f"Write the shape of every factor beside it and see which product gives {due}."

    def _label(self, entry: tuple[int, ...]) -> str:
        what = "direction" if self.along_directions else "entry"
        return f"{what} {list(entry)}" if entry else ""

    def comparison(self) -> Comparison:
        """Return the two gradients side by side, with the entries that differ. Only where there is no problem."""
        true, answer, left_out = self.numeric.values, self.analytic, self.numeric.on_kink
        found = Comparison(
            REFERENCE, true, answer, np.zeros(true.shape, dtype=np.bool_), left_out, self.axes,
            "direction" if self.along_directions else "entry",
        )  # fmt: skip
        if self.passed or not true.size:
            return found
        largest = max(float(np.max(np.abs(true))), float(np.max(np.abs(answer.astype(np.float64)))))
        bound = relative_tolerance(answer.dtype) * largest + ERROR_MARGIN * self.numeric.error
        # Written so that a NaN, which makes every comparison false, is marked.
        wrong = ~(np.abs(found.difference) <= bound) & ~left_out
        if not wrong.any():
            wrong[found.worst()] = True
        return Comparison(REFERENCE, true, answer, wrong, left_out, self.axes, found.entry)

    def parts(self) -> list[Part]:
        """Return what there is to compare: nothing where there is a problem."""
        return [] if self.problem else [Part(self.name, self.comparison(), self.passed)]

    def __str__(self) -> str:
        if self.problem:
            return f"✗ {self.summary}"
        return "\n".join([*self.comparison().lines(), f"{'✓' if self.passed else '✗'} {self.summary}"])

    def _repr_html_(self) -> str:
        return panel(
            self.name, verdict(escaped(self.summary), passed=self.passed), compared(self.parts()), passed=self.passed
        )


@dataclass(frozen=True, repr=False)
class GradientChecks(Shown):
    """The outcomes for a function of several arrays, one for each, in their order.

    parts: by the array's name, or its place, counted from 0.
    """

    parts: dict[Any, GradientCheck]

    def __bool__(self) -> bool:
        return self.passed

    def __getitem__(self, part: Any) -> GradientCheck:
        return self.parts[part]

    @property
    def passed(self) -> bool:
        """True if every part agrees."""
        return all(check.passed for check in self.parts.values())

    @property
    def summary(self) -> str:
        """Say what was found of each part that is wrong; if none is, of each."""
        wrong = [check.summary for check in self.parts.values() if not check.passed]
        return "\n".join(wrong or [check.summary for check in self.parts.values()])

    def __str__(self) -> str:
        return "\n\n".join(str(check) for check in self.parts.values())

    def _repr_html_(self) -> str:
        checks = list(self.parts.values())
        told = "".join(verdict(escaped(check.summary), passed=check.passed) for check in checks)
        label = ", ".join(check.name for check in checks)
        return panel(label, told, compared([part for check in checks for part in check.parts()]), passed=self.passed)
