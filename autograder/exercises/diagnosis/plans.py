"""The inputs on which a wrong answer is looked at closely."""

from autograder.exercises.cases import Layout, Plan
from autograder.exercises.exercise import Exercise
from autograder.exercises.variables import Style

SMALLEST, SMALLEST_OF_LARGER = 3, 11
EQUAL_SIZES = (3, 4)


def plans(exercise: Exercise) -> list[Plan]:
    """Return what each case is to be.

    Sizes that differ, in another order each time, tell one axis from another; equal ones let a
    product of the wrong operands through to its values; zeros show what happens on a corner.
    """
    names = list(dict.fromkeys(size for one in exercise.variables.values() for size in one.dimensions))
    if not names:
        return [
            *(Plan("usual values", {}) for _ in range(12)),
            *(Plan("values with zeros among them", {}, Style.ZEROS) for _ in range(10)),
            *(Plan("large values", {}, Style.LARGE) for _ in range(3)),
        ]

    def different(turn: int, least: int = SMALLEST) -> dict[str, int]:
        sizes = [least + place for place in range(len(names))]
        turn %= len(sizes)
        return dict(zip(names, [*sizes[turn:], *sizes[:turn]], strict=True))

    return [
        Plan("all sizes different", different(0)),
        Plan("all sizes different", different(1)),
        Plan("all sizes different, read-only arguments", different(2, SMALLEST + 1), layout=Layout.READ_ONLY),
        Plan("all sizes different", different(1, SMALLEST + 2)),
        *(Plan("all sizes equal", dict.fromkeys(names, size)) for size in EQUAL_SIZES),
        Plan("zeros among the values", different(1), Style.ZEROS),
        Plan("zeros among the values, sizes equal", dict.fromkeys(names, EQUAL_SIZES[0]), Style.ZEROS),
        Plan("zeros among more values", different(2, SMALLEST + 1), Style.ZEROS),
        Plan("zeros among more values", different(0, SMALLEST + 1), Style.ZEROS),
        *(Plan("large values", different(turn, SMALLEST + turn % 2), Style.LARGE) for turn in range(6)),
        Plan("larger sizes", different(1, SMALLEST_OF_LARGER)),
        Plan("larger sizes", different(0, SMALLEST_OF_LARGER + 1)),
        Plan("all sizes different", different(2, SMALLEST + 2)),
    ]
