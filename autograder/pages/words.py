"""What checks are called, and what they look at, in a student's words."""

from dataclasses import dataclass

from autograder.report import Check, Entry, ErrorPattern, PartPattern


@dataclass(frozen=True)
class Said:
    """A check in words: what it is called, what it looks at, and what it found wrong, or what else it has to say."""

    passed: bool
    title: str
    looks_at: str
    message: str


CHECKS: dict[str, tuple[str, str]] = {
    "defined": ("It is there", "The notebook defines a function of this name."),
    "runs": ("It runs", "Called with many inputs, of many sizes, it raises no exception."),
    "limit": ("It comes to an end", "It keeps within the limits of time and memory."),
    "type": ("Kind of answer", "It returns numbers of the kind that is asked for: floats, an array, a tuple, a dict."),
    "shape": ("Shape", "Every array that it returns has exactly the shape that its inputs' sizes call for."),
    "finite": ("Finite numbers", "No NaN and no infinity is among them."),
    "value": ("Values", "They agree with the right ones on inputs that you have not seen."),
    "gradient_check": ("Numeric gradient", "It says how the forward value changes when its variable is nudged."),
    "descent": ("Step downhill", "One small step lowers the loss by as much as the gradient promises."),
    "purity": ("Arguments unchanged", "The arrays and dicts that it is given are the same after the call."),
    "warnings": ("No warnings", "It computes without a warning from Python or NumPy."),
    "repeatable": ("Same again", "Called twice with the same inputs, it gives the same answer."),
    "follow_through": ("Judged on its own", "A mistake in an earlier function costs nothing here."),
    "apart": ("Judged apart", "What another cell changes beyond its own names costs nothing here."),
    "assertion": ("Test", "What the test asserts holds."),
    "test": ("Test", "The test runs through."),
    "could_not_judge": ("Test", "The test itself can be carried out."),
}
# What a message tells instructors besides: which option sets a limit.
OPTION = " (--timeout)"
BEGINNINGS = frozenset(
    {
        "a",
        "an",
        "called",
        "changed",
        "expected",
        "judged",
        "not",
        "one",
        "raised",
        "stopped",
        "the",
        "this",
        "tried",
        "warned",
        "your",
    }
)
LEGEND = {
    Entry.RIGHT: "right",
    Entry.CLOSE: "off by a little",
    Entry.FAR: "off by a lot",
    Entry.OPPOSITE: "opposite sign",
    Entry.NOT_FINITE: "NaN or infinity",
}
AXES = (("columns",), ("rows", "columns"), ("blocks", "rows", "columns"), ("block rows", "blocks", "rows", "columns"))


def in_words(check: Check) -> Said:
    """Return a check in a student's words; one that a set has for itself goes by its own name."""
    title, looks_at = CHECKS.get(check.name, (check.name.replace("_", " ").replace("-", " ").capitalize(), ""))
    return Said(check.passed, title, looks_at, as_sentence(check.message.replace(OPTION, "")))


def as_sentence(message: str) -> str:
    """Return a message that begins with a capital letter where it begins with a word, and not with a name."""
    first = message.partition(" ")[0]
    return f"{message[:1].upper()}{message[1:]}" if first in BEGINNINGS else message


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _many(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def part_in_words(part: PartPattern, name: str) -> str:
    """Say what is wrong with a part in a sentence, as the picture shows it. name: what to call it."""
    if part.shape != part.got:
        named = f" = ({', '.join(part.axes)}{',' if len(part.axes) == 1 else ''})" if part.axes else ""
        return f"{name} has the shape {_shape(part.got)} instead of {_shape(part.shape)}{named}."
    wrong = len(part.kinds) - part.kinds.count(Entry.RIGHT)
    if not wrong:
        return f"{name} is right."
    if len(part.kinds) == 1:
        return f"{name} is wrong: {LEGEND[part.kinds]}."
    there = [kind for kind in Entry.ALL[1:] if kind in part.kinds]
    counted = ", ".join(f"{part.kinds.count(kind)} {LEGEND[kind]}" for kind in there)
    told = LEGEND[there[0]] if len(there) == 1 else counted
    much = f"all {_many(wrong)}" if wrong == len(part.kinds) else f"{wrong} of {_many(len(part.kinds))}"
    return f"{name}: {much} {'is' if wrong == 1 else 'are'} wrong ({told})."


def layout_in_words(part: PartPattern) -> str:
    """Say which axis of an array is which way in the picture: "rows: n = 3, columns: m = 4"."""
    if part.shape != part.got or not 0 < len(part.axes) <= len(AXES):
        return ""
    ways = zip(AXES[len(part.axes) - 1], part.axes, part.shape, strict=True)
    return ", ".join(f"{way}: {axis} = {size}" if axis != str(size) else f"{way}: {size}" for way, axis, size in ways)


def inputs_in_words(pattern: ErrorPattern) -> str:
    """Say what the picture was made with."""
    sizes = ", ".join(f"{name} = {size}" for name, size in pattern.sizes.items())
    with_sizes = f", with {sizes}" if sizes else ""
    return f"On inputs that were drawn for this picture alone{with_sizes}; they earned and cost no points."
