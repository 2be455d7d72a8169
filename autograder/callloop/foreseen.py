"""What functions of a test's give at points that the test has foreseen: known here, so that nobody need be asked.

Which points the student's code has asked for is told with what is sent next, so that the test's function can be
evaluated there as well.
"""

from typing import Any

from .own_numpy import np

FLOAT = np.dtype("<f8")
# What is to be told grows no longer than this; then the next point is asked for, with all these.
MOST_ASKED = 1_000

_Key = tuple[tuple[int, ...], bytes]


class Foreseen:
    """Values by the numbers of functions and by points, and which of them were asked for since that was told last."""

    def __init__(self) -> None:
        self._tables: dict[int, dict[_Key, tuple[int, Any]]] = {}
        self._asked: list[list[int]] = []

    def learn(self, number: int, sizes: list[int], points: str, values: str) -> None:
        """Take in what a function gives: the shape of a point, and the bytes of all points and values."""
        shape, known = tuple(sizes), np.frombuffer(bytes.fromhex(values), dtype=FLOAT)
        data = bytes.fromhex(points)
        width = len(data) // len(known)
        keys = [(shape, data[start : start + width]) for start in range(0, len(data), width)]
        self._tables[number] = {key: (place, value) for place, (key, value) in enumerate(zip(keys, known, strict=True))}

    def value(self, number: int, positional: list[Any], named: dict[str, Any]) -> Any:
        """Return what a function gives at a point, and note that it was asked for; None where it is not known."""
        table = self._tables.get(number)
        if table is None or named or len(positional) != 1 or len(self._asked) >= MOST_ASKED:
            return None
        point = positional[0]
        if type(point) is not np.ndarray or point.dtype != FLOAT:
            return None
        found = table.get((point.shape, point.tobytes()))
        if found is None:
            return None
        self._asked.append([number, found[0]])
        return found[1]

    def asked(self) -> dict[str, Any]:
        """Return what to tell of points that were asked for since the last time, if there are any."""
        asked, self._asked = self._asked, []
        return {"asked": asked} if asked else {}
