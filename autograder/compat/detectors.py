"""What a test cell does that matters at the boundary, read off its text."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from autograder.compat.findings import Finding
from autograder.notebook.reads import LOOKS_AT_FILES
from autograder.notebook.sources import bound_names, hidden_lines, parsed, used_names, visible_part

ALLOW = "let it run on the student's side: use_sandbox(c, on_students_side=[{name!r}])"
FRAMEWORKS = frozenset((
    "torch", "tensorflow", "keras", "jax", "flax", "pyspark", "sqlalchemy", "sqlite3", "psycopg2", "pymongo",
    "mxnet", "cupy",
))  # fmt: skip
HISTORY = frozenset(("In", "Out", "_ih", "_oh", "_i", "_ii", "_iii"))
FRAMES = frozenset((
    "settrace", "setprofile", "_getframe", "currentframe", "get_objects", "get_referrers", "stack",
))  # fmt: skip
PICKLES = frozenset((
    "pickle.load", "pickle.loads", "joblib.load", "pd.read_pickle", "pandas.read_pickle", "dill.load",
    "cloudpickle.load",
))  # fmt: skip
STDERR = re.compile(
    r"sys\.stderr|\bwarnings\.warn\(|\blogging\.|\btqdm\b|unittest\.main\(|TextTestRunner\((?!.*stream)"
)
SHELL = re.compile(r"^\s*!|=\s*!\w|^\s*%%?(?!\s)(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Context:
    """One test cell, and what of its notebook decides how it runs.

    functions, classes: names that students are asked to define. later: the text of the students' cells below.
    own_classes: classes that tests define. modules: what lies beside or in the course.
    written: modules that the students' cells write to files. absent: modules that other cells of the notebook
        import, and that students' code can't have.
    """

    source: str
    name: str
    asked: frozenset[str]
    classes: frozenset[str]
    later: str
    own_classes: frozenset[str]
    modules: frozenset[str]
    written: frozenset[str]
    absent: frozenset[str] = frozenset()


Detector = Callable[[ast.Module, Context], Iterator[Finding]]


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def _stop(what: str, context: Context, instead: str = "") -> Finding:
    allow = ALLOW.format(name=context.name)
    return Finding(what, stops=True, advice=f"{instead}; or {allow}" if instead else allow)


def _history(tree: ast.Module, context: Context) -> Iterator[Finding]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - bound_names(context.source)
    if names & HISTORY:
        yield _stop(
            "looks into the history of cells (In, Out), which only a kernel has", context, "use inspect.getsource(f)"
        )


def _texts(tree: ast.Module, context: Context) -> Iterator[Finding]:
    for name, node in _calls(tree):
        first = node.args[0] if node.args else None
        is_own = isinstance(first, ast.Constant)
        if name in ("eval", "exec") and not is_own:
            yield _stop(f"runs a text with {name}(), which may be the student's", context, "call the function itself")
        if name in ("timeit.timeit", "timeit.repeat", "timeit") and isinstance(first, ast.Constant | ast.JoinedStr):
            yield _stop("times a text with timeit, which is run in a namespace of its own", context, "pass a function")
        if name in PICKLES or any(key.arg == "allow_pickle" for key in node.keywords):
            yield _stop(f"opens a pickle ({name}), which would run what is in it", context, "use CSV, JSON or .npy")
        if name.rpartition(".")[2] in FRAMES and "." in name:
            yield _stop(
                f"looks at frames or traces calls ({name}), of which there are none across the boundary", context
            )


def _modules(tree: ast.Module, context: Context) -> Iterator[Finding]:
    for name in sorted(imported(tree) - context.modules):
        if name in FRAMEWORKS:
            yield _stop(
                f"uses {name}, whose objects can't cross the boundary", context, "convert to NumPy in the answer"
            )
        elif name in context.written:
            yield _stop(
                f"imports {name}, which the student's code writes", context, "call the functions in the notebook"
            )
        elif name != "nose" and find_spec(name) is None:
            yield Finding(f"imports {name}, which is not installed here", stops=True, advice=f"pip install {name}")


def imported(tree: ast.AST) -> frozenset[str]:
    """Return the modules that a text imports, without what stands behind their first dot."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return frozenset(names)


def _absent(_: ast.Module, context: Context) -> Iterator[Finding]:
    if context.absent:
        told = f"its notebook imports {', '.join(sorted(context.absent))}, which students' code can't have here"
        yield Finding(
            told, stops=True, advice="install it beside the grader, if it is one that the documentation names"
        )


def _waits(tree: ast.Module, context: Context) -> Iterator[Finding]:
    waiting = (ast.AsyncFor, ast.AsyncWith)
    if any(isinstance(node, waiting) or getattr(node, "is_async", 0) for node in ast.walk(tree)):
        yield _stop("loops or enters blocks asynchronously (async for, async with)", context, "await a coroutine")
    if any(name.rpartition(".")[2] in ("assertLogs", "assertNoLogs") for name, _ in _calls(tree)):
        yield _stop("looks at log records, which stay in the student's process", context, "look at what is printed")


def _replaced(tree: ast.Module, context: Context) -> Iterator[Finding]:
    for name, node in _calls(tree):
        first = node.args[0] if node.args else None
        told = first.value if isinstance(first, ast.Constant) else ""
        if name.endswith("patch") and told in ("builtins.open", "datetime.datetime", "datetime.date"):
            yield _stop(f"replaces {told}, which is no function that can be sent", context, "pass the value or a file")
        if name.endswith("patch.dict") and first is not None and "environ" in ast.unparse(first):
            yield _stop("sets environment variables, which the student's process has of its own", context)


def _reckons(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find arithmetic with plain data on what arithmetic with the student's objects gave."""
    made = _made_of(tree, context.classes)

    def is_made(node: ast.AST) -> bool:
        return _is_made(node, context.classes, made)

    def reckoned(node: ast.AST) -> bool:
        if isinstance(node, ast.UnaryOp):
            return is_made(node.operand) or reckoned(node.operand)
        return isinstance(node, ast.BinOp) and any(is_made(one) or reckoned(one) for one in (node.left, node.right))

    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp):
            sides = node.left, node.right
            if any(isinstance(one, ast.Constant) for one in sides) and any(reckoned(one) for one in sides):
                told = f"reckons with plain data on what the student's operator gave: {ast.unparse(node)[:60]}"
                yield _stop(told, context, "make the object in the middle with its class")
                return


def _classes(tree: ast.Module, context: Context) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bases = {ast.unparse(base) for base in node.bases} & (context.classes | context.asked)
            if bases:
                told = f"derives a class from the student's {', '.join(sorted(bases))}"
                yield _stop(told, context, "derive it in a cell of the notebook that is no test")


def _made_of(tree: ast.Module, classes: frozenset[str]) -> set[str]:
    """Return the names that hold an object of one of these classes."""
    made = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if ast.unparse(node.value.func) in classes:
            made |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return made


def _is_made(node: ast.AST, classes: frozenset[str], made: set[str]) -> bool:
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in classes
    if isinstance(node, ast.List | ast.Tuple):
        return any(_is_made(part, classes, made) for part in node.elts)
    return isinstance(node, ast.Name) and node.id in made


def _own_objects(tree: ast.Module, context: Context) -> Iterator[Finding]:
    made = _made_of(tree, context.own_classes)
    for name, node in _calls(tree):
        if name.partition(".")[0] in context.asked | context.classes:
            given = [*node.args, *(key.value for key in node.keywords)]
            if any(_is_made(one, context.own_classes, made) for one in given):
                told = f"passes an object of a class of its own to the student's {name}"
                yield _stop(told, context, "define the class in a cell of the notebook that is no test")
                return


def _compared(tree: ast.Module, context: Context) -> Iterator[Finding]:
    made = _made_of(tree, context.classes)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or isinstance(node.ops[0], ast.Is | ast.IsNot | ast.In | ast.NotIn):
            continue
        sides = [node.left, *node.comparators]
        plain = [one for one in sides if isinstance(one, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.Set)]
        plain = [one for one in plain if not (isinstance(one, ast.Constant) and one.value is None)]
        if plain and any(_is_made(one, context.classes, made) for one in sides):
            told = f"compares an object of the student's class with plain data: {ast.unparse(node)[:60]}"
            yield _stop(told, context, "compare its attributes, or two objects of the class")
            return


def _hidden_names(_: ast.Module, context: Context) -> Iterator[Finding]:
    if not hidden_lines(context.source):
        return
    only_hidden = bound_names(context.source, imports=False) - bound_names(visible_part(context.source), imports=False)
    try:
        used = frozenset().union(*map(used_names, parsed(context.later).body))
    except (SyntaxError, ValueError):
        return
    needed = sorted((only_hidden & used) - bound_names(context.later) - context.asked)
    if needed:
        told = f"its hidden part defines {', '.join(needed)}, which students' cells below use and never get"
        yield _stop(told, context, "define them above the hidden part")


def _notes(tree: ast.Module, context: Context) -> Iterator[Finding]:
    text = context.source
    if STDERR.search(text):
        yield Finding("may write to stderr: stock nbgrader gives 0 points then; here it costs nothing")
    if text.lstrip().startswith("%%capture"):
        yield Finding("begins with %%capture, which hides failures from stock nbgrader; here they count")
    if LOOKS_AT_FILES.search(text):
        yield Finding("looks at files: those that the student wrote are copied to it, the instructor's stay theirs")
    if "getsource" in text:
        yield Finding("reads source: it gets the text of the submitted cell")
    if re.search(r"\btime\.(time|perf_counter)\(|\btimeit\b", text):
        yield Finding("measures time, to which each call across the boundary adds some tenths of a millisecond")
    bound = {name for name in bound_names(text, imports=False) & context.asked if name not in context.classes}
    removed = {
        target.id for node in ast.walk(tree) if isinstance(node, ast.Delete)
        for target in node.targets if isinstance(target, ast.Name)
    } & context.asked  # fmt: skip
    if bound | removed and "def " in text + " def ":
        functions = ", ".join(sorted(bound | removed))
        yield Finding(f"replaces or deletes {functions}: what the student defined comes back after this cell")


DETECTORS: tuple[Detector, ...] = (
    _history, _texts, _modules, _absent, _waits, _replaced, _reckons, _classes, _own_objects, _compared, _hidden_names,
    _notes,
)  # fmt: skip


def findings_in(context: Context) -> tuple[Finding, ...]:
    """Return what a test cell does that matters at the boundary, each thing once."""
    try:
        tree = parsed(context.source, strict=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return (_unreadable(context, error),)
    found = (finding for detector in DETECTORS for finding in detector(tree, context))
    return tuple(dict.fromkeys(found))


def _unreadable(context: Context, error: BaseException) -> Finding:
    line = SHELL.search(context.source)
    if line is not None:
        start = context.source.rfind("\n", 0, line.end()) + 1
        shown = context.source[start:].strip().split("\n")[0][:60]
        return _stop(f"uses a shell command or a magic that is not Python: {shown}", context, "write it in Python")
    place = getattr(error, "lineno", None)
    told = f"is no Python{f' (line {place})' if place else ''}"
    return Finding(told, stops=True, advice="correct the cell; stock nbgrader gives it 0 points, too")
