"""Exceptions across the boundary: the nearest class that is known here, and a text that is cut and harmless."""

import builtins
import sys
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from autograder.callloop.descriptions import classes_of
from autograder.callloop.plain_data import clean
from autograder.judge.lines_of_tests import expects_end, is_raised_anyway
from autograder.report import CodeLine

MOST_CHARACTERS = 2000
MOST_CLASSES = 32
MOST_NAME_CHARACTERS = 200
MOST_LINES, MOST_LINE_CHARACTERS = 1_000_000, 200
# These would end the judge or mean something to Python itself, so they arrive as RuntimeError.
NOT_AS_THEMSELVES = (
    "SystemExit",
    "KeyboardInterrupt",
    "GeneratorExit",
    "BaseException",
    "BaseExceptionGroup",
    "ExceptionGroup",
)
# Libraries whose exceptions are known here by their own classes. None of a tool that runs tests: what such
# a tool raises to leave a test out would be a pass.
LIBRARIES = frozenset({"numpy", "scipy", "pandas", "sklearn", "sympy", "networkx", "matplotlib", "json", "decimal"})
LIBRARIES |= {"dataclasses", "re", "csv", "statistics", "struct", "binascii", "configparser", "copy", "zlib"}


class Expected:
    """What the test that runs expects of the student's code. exits: whether it speaks of SystemExit."""

    exits = False


class CannotCrossError(TypeError):
    """A test does what can't be done across the boundary; that is no fault of the student's.

    It is a TypeError, which a test may expect of the student's code: `of_this_test` has those that were made since a
    test began, so that a test that swallows one is no pass.
    """

    of_this_test: ClassVar[list["CannotCrossError"]] = []

    def __init__(self, *told: object) -> None:
        super().__init__(*told)
        self.of_this_test.append(self)


class _OfStudents(type):
    """The class of exceptions' classes that the student's side defines: an instance is made there."""

    students: Any = None

    def __call__(cls, *positional: Any, **named: Any) -> Any:
        """Make an instance there, and the one that stands for it here."""
        if cls.students is None:
            return super().__call__(*positional, **named)
        made: Any = cls.__new__(cls, *positional)  # type: ignore[arg-type]
        made.proxy = cls.students(*positional, **named)
        given = made.proxy.args
        made.args = given if isinstance(given, tuple) else positional
        return made

    def __getattr__(cls, name: str) -> Any:
        """Return an attribute of the class on the student's side."""
        if cls.students is None or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)
        return getattr(cls.students, name)


class StudentsError(Exception, metaclass=_OfStudents):
    """An exception of a class that is none of Python's own. Its attributes are the student's."""

    text = ""
    proxy: Any = None

    def __str__(self) -> str:
        """Return the text that came with it."""
        return self.text or (str(self.proxy) if self.proxy is not None else "")

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the exception on the student's side."""
        if name.startswith("__") or self.proxy is None:
            raise AttributeError(name)
        return getattr(self.proxy, name)


# Returns the class that both sides have by a module and a name, or None.
Shared = Callable[[str, str], type | None]
_classes: dict[tuple[Any, ...], type[StudentsError]] = {}


def _nothing_shared(_: str, __: str) -> type | None:
    return None


def _known(module: str, name: str) -> type[Exception] | None:
    """Return a class of exceptions that is known here by its own name."""
    if module == "builtins":
        found = None if name in NOT_AS_THEMSELVES else getattr(builtins, name, None)
    elif module.partition(".")[0] in LIBRARIES and name.isidentifier():
        found = vars(sys.modules[module]).get(name) if module in sys.modules else None
    else:
        return None
    if not isinstance(found, type) or not issubclass(found, Exception):
        return None
    # What a library has from elsewhere, as numpy.testing has unittest's SkipTest, is none of its own.
    return found if found.__module__.partition(".")[0] == module.partition(".")[0] else None


def _pairs(told: Any) -> list[tuple[str, str]]:
    pairs = told[:MOST_CLASSES] if isinstance(told, list) else []
    return [
        (pair[0][:MOST_NAME_CHARACTERS], pair[1][:MOST_NAME_CHARACTERS])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)  # noqa: PLR2004
    ]


def exception_class(told: Any, shared: Shared = _nothing_shared) -> type[StudentsError] | None:
    """Return the class for an exception whose classes are told, each by module and name, the nearest first.

    It is derived from the instructor's class of that name, where there is one on both sides. None where the
    first of them is one of Python's own, or nothing is told.
    """
    pairs = tuple(_pairs(told))
    if not pairs or pairs[0][0] == "builtins":
        return None
    instructors = shared(*pairs[0])
    key = (pairs, instructors)
    if key not in _classes:
        known = _known(*pairs[0])
        if isinstance(instructors, type) and issubclass(instructors, Exception):
            known = instructors
        above = known or exception_class([list(pair) for pair in pairs[1:]], shared) or _nearest(pairs[1:])
        bases = (above,) if issubclass(above, StudentsError) else (StudentsError, above)
        name = pairs[0][1].rpartition(".")[2]
        kind: Any = _OfStudents(name if name.isidentifier() else "Error", bases, {"__module__": "__main__"})
        _classes[key] = kind
    return _classes[key]


def _nearest(pairs: Any) -> type[Exception]:
    for module, name in pairs:
        found = _known(module, name)
        if found is not None:
            return found
    return Exception


def _builtin(names: Any) -> type[Exception]:
    found = (_known("builtins", name) for name in (names if isinstance(names, list) else []) if isinstance(name, str))
    return next((one for one in found if one is not None), RuntimeError)


def _given(facts: dict[str, Any], text: str) -> tuple[Any, ...]:
    """Return what an exception of one of Python's own classes is made with."""
    told = facts.get("args")
    if not isinstance(told, list) or not all(one is None or isinstance(one, str | int) for one in told):
        return (text,)
    return tuple(one[:MOST_CHARACTERS] if isinstance(one, str) else one for one in told)


def _made(facts: dict[str, Any], proxy: Callable[[Any], Any], shared: Shared, *, ends_iteration: bool) -> BaseException:
    text, name = str(facts.get("text", ""))[:MOST_CHARACTERS], str(facts.get("name", ""))[:MOST_NAME_CHARACTERS]
    if name == "SystemExit" and Expected.exits:
        return SystemExit(*_given(facts, text))
    kind = _builtin(facts.get("classes"))
    ends = issubclass(kind, StopIteration | StopAsyncIteration)
    own = None if ends else exception_class(facts.get("mro"), shared)
    if own is not None:
        error = own.__new__(own, text)
        assert isinstance(error, StudentsError)
        error.text, error.args = text, _given(facts, text)
        error.proxy = proxy(_as_object(facts["handle"])) if facts.get("handle") is not None else None
        return error
    if ends and not ends_iteration and not expects_end():
        kind = RuntimeError
    if kind is StopIteration and "ended_with" in facts:
        return StopIteration(facts["ended_with"])
    if kind is RuntimeError and name not in ("", "RuntimeError"):
        return kind(f"{name}: {text}")
    try:
        return kind(*_given(facts, text))
    except TypeError:  # a class whose instances need more than a text
        return RuntimeError(f"{name}: {text}")


def _as_object(handle: Any) -> Any:
    """Return an exception's handle without what tells that it is one, which would make an exception of its proxy."""
    if not isinstance(handle, list) or not isinstance(handle[-1], dict):
        return handle
    return [*handle[:-1], {name: told for name, told in handle[-1].items() if name != "error"}]


def exception_told(facts: dict[str, Any], proxy: Any, shared: Shared) -> BaseException | None:
    """Return what stands here for an exception that is a value; None where it can't be told what it was made with."""
    kind = exception_class(facts.get("mro"), shared)
    if kind is None and not isinstance(facts.get("args"), list):
        return None
    return _made({**facts, "handle": proxy}, lambda handle: handle, shared, ends_iteration=True)


def raise_as_students(
    described: Any,
    *,
    ends_iteration: bool = False,
    proxy: Callable[[Any], Any] = lambda _: None,
    shared: Shared = _nothing_shared,
) -> NoReturn:
    """Raise what the student's code raised, marked as theirs.

    ends_iteration: whether StopIteration may arrive as itself; anywhere but in `next`, and where the test speaks
    of it, it would end a loop of the test without a word. proxy: makes the proxy of the exception itself.
    """
    facts = described if isinstance(described, dict) else {}
    error = _made(facts, proxy, shared, ends_iteration=ends_iteration)
    if isinstance(error, IndexError) and _is_iterated():
        error = RuntimeError(f"IndexError: {error}")
    error.from_student = True  # type: ignore[attr-defined]
    error.student_line = _line(facts.get("line"))  # type: ignore[attr-defined]
    raise error from None


def _is_iterated() -> bool:
    """Tell whether a test's own `__getitem__` is at work, where an IndexError would end a loop without a word."""
    frame: Any = sys._getframe()  # noqa: SLF001 - who waits for the student's code
    while frame is not None and not (
        frame.f_code.co_name == "__getitem__" and frame.f_code.co_filename.startswith("<")
    ):
        frame = frame.f_back
    return frame is not None


def _line(told: Any) -> CodeLine | None:
    """Return the line of a cell that the student's side names, if it names one."""
    number, text = told if isinstance(told, list) and len(told) == 2 else (None, None)  # noqa: PLR2004 - a pair
    if type(number) is not int or not 0 < number <= MOST_LINES or not isinstance(text, str):
        return None
    return CodeLine(number, clean(text[:MOST_LINE_CHARACTERS]))


def is_students(error: BaseException) -> bool:
    """Tell whether an exception came from student code."""
    return vars(error).get("from_student") is True


def describe_error(error: BaseException) -> dict[str, Any]:
    """Describe an exception of the grader's side for the student's: built-in classes and a text."""
    classes = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    told: dict[str, Any] = {"name": type(error).__name__, "classes": classes, "text": str(error)[:MOST_CHARACTERS]}
    told["mro"] = classes_of(type(error))
    given = getattr(error, "args", ())
    are_plain = all(type(one) in (str, int, type(None)) and len(str(one)) <= MOST_CHARACTERS for one in given)
    return {**told, "args": list(given)} if given and are_plain else told


def raised_by_statement(error: BaseException) -> bool:
    """Tell whether a test raised an exception on purpose, whatever the answer was, and it is no failed assertion."""
    trace = error.__traceback__
    if not isinstance(error, Exception) or isinstance(error, AssertionError) or trace is None or is_students(error):
        return False
    while trace.tb_next is not None:
        trace = trace.tb_next
    return is_raised_anyway(trace)
