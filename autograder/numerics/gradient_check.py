"""The outcome of a gradient check, as a student reads it: numeric beside analytic, entry by entry."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.numerics.differences import NumericGradient
from autograder.numerics.evaluation import FloatArray

ROWS_SHOWN = 12


@dataclass(frozen=True)
class GradientCheck:
    """The outcome of comparing one analytic gradient with the numeric one.

    name: what the gradient is called in messages.
    analytic: the gradient that was checked, as it came; or its products with random directions.
    numeric: the numeric gradient, in the shape of the point; or the derivatives along directions.
    problem: why the two cannot be compared at all (a wrong shape, not numbers), or "".
    passed: True if the norm of the difference is within tolerance of the norms of the two.
    along_directions: True if what is compared are derivatives along random directions.
    """

    name: str
    analytic: NDArray[Any]
    numeric: NumericGradient
    problem: str
    passed: bool
    along_directions: bool = False

    def __bool__(self) -> bool:
        return self.passed

    @property
    def summary(self) -> str:
        """Say in one or two sentences what was found and where to look."""
        if self.problem:
            return f"{self.name}: {self.problem}"
        left_out = int(self.numeric.on_kink.sum())
        note = f" ({left_out} left out: the function has a corner there)" if left_out else ""
        compared = self.numeric.values.size - left_out
        if self.passed:
            things = "directions" if self.along_directions else "entries"
            counted = f"all {compared} {things} agree" if compared > 1 else "agrees"
            return f"{self.name}: {counted} with the numeric gradient{note}"
        entry = self._worst_entry()
        numbers = f"the numeric gradient is {self.numeric.values[entry]:.6g}, yours is {self.analytic[entry]:.6g}{note}"
        return f"{self.name}: {self._label(entry) or 'the value'} differs most: {numbers}. {self._advice()}"

    def _advice(self) -> str:
        if self.along_directions:
            return "Check with mode='entries', or at a smaller point, to see which entries are wrong."
        if not np.any(self.numeric.values):
            return "The function does not change at all when its argument is nudged; does it use its argument?"
        return (
            "Nudging that input by a little changes the function by the numeric value times the nudge; "
            "follow that one number through your formula."
        )

    def _label(self, entry: tuple[int, ...]) -> str:
        what = "direction" if self.along_directions else "entry"
        return f"{what} {list(entry)}" if entry else ""

    def _differences(self) -> FloatArray:
        with np.errstate(all="ignore"):
            difference = np.abs(np.asarray(self.analytic, dtype=np.float64) - self.numeric.values)
        return np.where(self.numeric.on_kink, 0.0, np.where(np.isnan(difference), np.inf, difference))

    def _worst_entry(self) -> tuple[int, ...]:
        worst = np.unravel_index(int(np.argmax(self._differences())), self.numeric.values.shape)
        return tuple(int(index) for index in worst)

    def __str__(self) -> str:
        if self.problem:
            return f"✗ {self.summary}"
        heading = "direction" if self.along_directions else "entry"
        lines = [f"{heading:>12}  {'numeric':>14}  {'yours':>14}  {'difference':>11}"]
        differences = self._differences()
        entries = list(np.ndindex(*self.numeric.values.shape))
        shown = entries[:ROWS_SHOWN]
        worst = self._worst_entry() if entries else ()
        if not self.passed and worst not in shown:
            shown[-1] = worst
        for entry in shown:
            corner = "  corner: left out" if self.numeric.on_kink[entry] else ""
            lines.append(
                f"{str(list(entry)) if entry else '':>12}  {self.numeric.values[entry]:>14.8g}  "
                f"{self.analytic[entry]:>14.8g}  {differences[entry]:>11.1e}{corner}"
            )
        if len(entries) > ROWS_SHOWN:
            lines.append(f"{'…':>12}  and {len(entries) - ROWS_SHOWN} more entries")
        lines.append(f"{'✓' if self.passed else '✗'} {self.summary}")
        return "\n".join(lines)


@dataclass(frozen=True)
class GradientChecks:
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
