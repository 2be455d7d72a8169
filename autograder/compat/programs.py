"""What a notebook's cells start, and students' code cannot: programs, shell commands, other processes."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from autograder.compat.context import Context, Started, calls, stop
from autograder.compat.findings import Finding
from autograder.notebook.reads import LOOKS_AT_FILES
from autograder.notebook.sources import bound_names, parsed

_BINDS = re.compile(r"^[^\S\n]*(\w+)[^\S\n]*=[^\S\n]*(![^\n]+|%(?:sx|system|sc)\b[^\n]*)", re.MULTILINE)
_LINE = re.compile(r"^[^\S\n]*(![^\n]+)", re.MULTILINE)
_CELL = re.compile(r"\A(?:\s*#[^\n]*\n)*\s*(%%(?:bash|sh|script|ruby|perl|javascript|!|sx|system)\b[^\n]*)")
# These change nothing that a test could look at.
_HARMLESS = re.compile(
    r"!+\s*(?:python3?\s+-m\s+)?(?:pip3?|conda|mamba|uv|apt|apt-get|ls|pwd|echo(?!.*>)|cat(?!.*>)|date|nvidia-smi)\b"
)
_FILE = re.compile(r"[\w-]+\.\w+")
_FETCHES = re.compile(r"!+\s*(?:wget|curl|git|gdown|kaggle|unzip|tar)\b")
_STARTS = re.compile(
    r"(?:subprocess\.\w+|os\.(?:system|popen|fork|spawn\w+|exec\w+)|(?:multiprocessing\.|mp\.|^)(?:Pool|Process)"
    r"|(?:\w+\.)*ProcessPoolExecutor)"
)
_THREADS = re.compile(r"(?:threading\.Thread|Thread|(?:\w+\.)*ThreadPoolExecutor|(?:\w+\.)*ThreadPool)")


def started_by(cells: Sequence[str], beside: Iterable[str]) -> Started:
    """Return what cells start. beside: the names of files that lie beside the notebook."""
    names, commands, threads = dict[str, str](), list[str](), set[str]()
    there = {name.rpartition("/")[2] for name in beside}
    for source in cells:
        whole = _CELL.match(source)
        commands += [source.strip()] if whole else []
        lines = [] if whole else _LINE.findall(source)
        commands += [one for one in lines if not _HARMLESS.match(one) and not any(name in one for name in there)]
        names |= {name: command for name, command in _BINDS.findall(source) if not whole}
        for name, how in () if whole else _starting(source, _STARTS):
            names.setdefault(name, how)
        threads |= {name for name, _ in _starting(source, _THREADS)}
    sets = any(
        re.search(r"\benviron\b[^\n]*\]\s*=[^=]|\benviron\.(?:update|setdefault)\(|\bputenv\(", one) for one in cells
    )
    return Started(tuple(sorted(names.items())), tuple(commands), frozenset(threads), sets)


def _starting(source: str, what: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield the names of a cell whose definitions call something, or what calls it, each with what is called."""
    try:
        statements = parsed(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    found: dict[str, str] = {}
    for _ in statements:
        before = len(found)
        for statement in statements:
            called = [name for name, _ in calls(statement)]
            how = next((found.get(name, name) for name in called if what.fullmatch(name) or name in found), None)
            if how is not None:
                found |= dict.fromkeys(bound_names(ast.unparse(statement), imports=False), how)
        if len(found) == before:
            break
    yield from found.items()


def programs(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find a look at what a program has given or made, where students' code can start none."""
    started = context.started
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - _bound(tree)
    for name, how in started.names:
        if name in used:
            told = (
                f"uses {name}, for which the notebook starts a program or process ({how[:60]}): the sandbox starts none"
            )
            yield stop(told, context, "do it in Python")
            return
    made = [one for one in started.commands if _FETCHES.match(one) or _is_looked_at(one, context.source)]
    if made:
        told = f"its notebook runs a shell command ({made[0].splitlines()[0][:60]}), which the sandbox does not"
        yield stop(told, context, "lay the file beside the notebook, or write it in Python")


def _is_looked_at(command: str, source: str) -> bool:
    """Tell whether a test looks at files, and at one that a command speaks of, if it speaks of any."""
    named = _FILE.findall(command)
    return bool(LOOKS_AT_FILES.search(source)) and (not named or any(name in source for name in named))


def threads(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find a function that is passed to what runs it in a thread."""
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for name, node in calls(tree):
        given = [part for one in (*node.args, *(key.value for key in node.keywords)) for part in ast.walk(one)]
        if name in context.started.threads and any(
            isinstance(one, ast.Lambda) or (isinstance(one, ast.Name) and one.id in own) for one in given
        ):
            told = f"passes a function to {name}, which calls it in a thread"
            yield stop(told, context, "define the function in a cell of the notebook that is no test")
            return


def environment(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find a look at environment variables that the student's code sets."""
    read = re.search(r"\bos\.(?:environ|getenv)\b|\benviron\b", ast.unparse(tree))
    if context.started.environment and read:
        yield stop("looks at environment variables, which the student's process has of its own", context)


def logging(tree: ast.Module, context: Context) -> Iterator[Finding]:
    """Find a test that waits for log records with a handler of its own."""
    if any(name.rpartition(".")[2] == "addHandler" for name, _ in calls(tree)):
        yield stop("looks at log records, which stay in the student's process", context, "look at what is printed")


def _bound(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


OF_PROGRAMS = (programs, threads, environment, logging)
