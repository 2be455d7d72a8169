"""What a test cell does that matters at the boundary, read off its text."""

import ast
import re
from collections.abc import Iterator
from importlib.util import find_spec

from autograder.compat.context import Context, Detector, calls, stop
from autograder.compat.findings import Finding
from autograder.compat.objects import OF_OBJECTS
from autograder.compat.programs import OF_PROGRAMS
from autograder.compat.texts import OwnTexts
from autograder.notebook.reads import LOOKS_AT_FILES, reads_and_binds
from autograder.notebook.sources import bound_names, hidden_lines, parsed, visible_part

FRAMEWORKS = frozenset((
    "torch", "tensorflow", "keras", "jax", "flax", "pyspark", "sqlalchemy", "sqlite3", "psycopg2", "pymongo",
    "mxnet", "cupy", "sympy",
))  # fmt: skip
HISTORY = frozenset(("In", "Out", "_", "__", "___", "_ih", "_oh", "_i", "_ii", "_iii"))
OF_A_SHELL = re.compile(r"\.(?:run_cell|run_cell_magic|ev|ex|push|getoutput|system|find_\w+_magic|history_manager)\b")
FRAMES = re.compile(
    r"(?:sys|threading)\.(?:settrace|setprofile|_getframe)|gc\.get_\w+|(?:sys\.)?_getframe"
    r"|inspect\.(?:currentframe|stack|trace|getouterframes)|currentframe"
)
PICKLES = frozenset((
    "pickle.load", "pickle.loads", "joblib.load", "pd.read_pickle", "pandas.read_pickle", "dill.load",
    "cloudpickle.load",
))  # fmt: skip
ENVIRONMENT = "sets environment variables, which the student's process has of its own"
STDERR = re.compile(
    r"sys\.stderr|\bwarnings\.warn\(|\blogging\.|\btqdm\b|unittest\.main\(|TextTestRunner\((?!.*stream)"
)
SHELL = re.compile(r"^\s*!|=\s*!\w|^\s*%%?(?!\s)(\w+)", re.MULTILINE)


def _history(tree: ast.Module, context: Context) -> Iterator[Finding]:
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)} | bound_names(context.source)
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    if {node.id for node in names} & HISTORY - bound:
        yield stop(
            "looks into the history of cells (In, Out), which only a kernel has", context, "use inspect.getsource(f)"
        )


def _shells(tree: ast.Module, context: Context) -> Iterator[Finding]:
    found = OF_A_SHELL.search(context.source) if "get_ipython" in context.source else None
    if found:
        yield stop(
            f"asks the shell for {found[0][1:]} (get_ipython()), which has names and magics alone", context,
            "call the function itself",
        )  # fmt: skip
    if any(name.rpartition(".")[2] in ("shares_memory", "may_share_memory") for name, _ in calls(tree)):
        yield stop("asks whether arrays share memory, which copies never do", context, "change one, look at the other")


def _texts(tree: ast.Module, context: Context) -> Iterator[Finding]:
    own = OwnTexts(tree)
    for name, node in calls(tree):
        first = node.args[0] if node.args else None
        if name in ("eval", "exec", "compile") and not own.is_own(first):
            yield stop(f"runs a text with {name}(), which may be the student's", context, "call the function itself")
        is_counted = any(key.arg == "number" for key in node.keywords)
        if name in ("timeit.timeit", "timeit.repeat", "timeit") and first is not None and not is_counted:
            yield stop("times a million calls with timeit, each of which crosses the boundary", context, "say number=")
        if name in PICKLES or any(key.arg == "allow_pickle" for key in node.keywords):
            yield stop(f"opens a pickle ({name}), which would run what is in it", context, "use CSV, JSON or .npy")
        if FRAMES.fullmatch(name):
            yield stop(
                f"looks at frames or traces calls ({name}), of which there are none across the boundary", context
            )


def _modules(tree: ast.Module, context: Context) -> Iterator[Finding]:
    found = imported(tree) - context.modules
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for name in sorted(found | {module for bound, module in context.frameworks if bound in used}):
        if name in FRAMEWORKS:
            instead = "compare texts: str(answer)" if name == "sympy" else "convert to NumPy in the answer"
            yield stop(f"uses {name}, whose objects can't cross the boundary", context, instead)
        elif name in context.written:
            yield stop(
                f"imports {name}, which the student's code writes", context, "call the functions in the notebook"
            )
        elif not _is_here(name):
            yield Finding(f"imports {name}, which is not installed here", stops=True, advice=f"pip install {name}")


def _is_here(name: str) -> bool:
    # Asked for, `__main__` of a program has no specification and says so by an exception.
    return name in ("nose", "__main__") or find_spec(name) is not None


def frameworks_in(tree: ast.AST) -> frozenset[tuple[str, str]]:
    """Return the names that a text has of frameworks by imports, each with its module."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {(one.asname or one.name.partition(".")[0], one.name.partition(".")[0]) for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {(one.asname or one.name, node.module.partition(".")[0]) for one in node.names}
    return frozenset(pair for pair in names if pair[1] in FRAMEWORKS)


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
        yield stop("loops or enters blocks asynchronously (async for, async with)", context, "await a coroutine")
    if any(name.rpartition(".")[2] in ("assertLogs", "assertNoLogs") for name, _ in calls(tree)):
        yield stop("looks at log records, which stay in the student's process", context, "look at what is printed")


def _replaced(tree: ast.Module, context: Context) -> Iterator[Finding]:
    for name, node in calls(tree):
        first = node.args[0] if node.args else None
        told = first.value if isinstance(first, ast.Constant) else ""
        if name.endswith("patch") and told in ("builtins.open", "datetime.datetime", "datetime.date"):
            yield stop(f"replaces {told}, which is no function that can be sent", context, "pass the value or a file")
        new = node.args[1] if len(node.args) > 1 else None
        if name.endswith("patch") and isinstance(new, ast.Constant) and "." in str(told).replace("__main__.", ""):
            yield stop(f"replaces {told!s} by a value, and only functions can be replaced", context, "pass the value")
        patches = name.endswith("patch.dict") and first is not None and "environ" in ast.unparse(first)
        if patches or name in ("os.putenv", "os.environ.update", "os.environ.setdefault"):
            yield stop(ENVIRONMENT, context)
    places = (node for node in ast.walk(tree) if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load))
    if any(ast.unparse(one.value) in ("os.environ", "environ") for one in places):
        yield stop(ENVIRONMENT, context)


def _causes(tree: ast.Module, context: Context) -> Iterator[Finding]:
    causes = ("__cause__", "__context__")
    found = sorted({node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & set(causes))
    if found:
        yield stop(
            f"asks for an exception's {found[0]}, which stays on the student's side", context, "look at its text"
        )


def _hidden_names(_: ast.Module, context: Context) -> Iterator[Finding]:
    if not hidden_lines(context.source):
        return
    only_hidden = bound_names(context.source, imports=False) - bound_names(visible_part(context.source), imports=False)
    try:
        used = frozenset().union(*(reads_and_binds(one)[0] for one in parsed(context.later).body))
    except (SyntaxError, ValueError):
        return
    needed = sorted((only_hidden & used) - bound_names(context.later) - context.asked)
    if needed:
        told = f"its hidden part defines {', '.join(needed)}, which students' cells below use and never get"
        yield stop(told, context, "define them above the hidden part")


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
    if re.search(r"\bdoctest\.(?:testmod|run_|DocTestRunner|DocTestFinder)", text):
        yield Finding("runs examples of docstrings: the instructor's own ones; any that a student adds are refused")
    own = OwnTexts(tree)
    if any(
        name.endswith((".query", "pd.eval")) and not own.is_own((*node.args, None)[0]) for name, node in calls(tree)
    ):
        yield Finding("asks a table by a text: a student's may look at columns, and call nothing else")
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
    _history, _shells, _texts, _modules, _absent, _waits, _replaced, _causes, *OF_OBJECTS, *OF_PROGRAMS,
    _hidden_names, _notes,
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
        return stop(f"uses a shell command or a magic that is not Python: {shown}", context, "write it in Python")
    place = getattr(error, "lineno", None)
    told = f"is no Python{f' (line {place})' if place else ''}"
    return Finding(told, stops=True, advice="correct the cell; stock nbgrader gives it 0 points, too")
