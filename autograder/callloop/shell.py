"""IPython without a terminal, a history or a kernel: what runs a student's cells.

It is made once, in the fork server, because making one takes longer than grading a notebook.
"""

import _sitebuiltins
import builtins
import re
import sys
import types
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets import Type
from traitlets.config import Config

from . import waiting_modules
from .compiling import Compiler
from .figures import INLINE_BACKEND, are_drawn, leave_undrawn, warm_up_figures
from .outputs import Outputs
from .own_builtins import OwnBuiltins

NO_SHELL = "shell commands are not available while a notebook is graded"
MOST_COMMAND, NOT_FOUND = 200, 127
NO_INPUT = "input() is not available while a notebook is graded: nobody is there to answer"
SHELL_MAGICS = ("sc", "bash", "sh", "script", "ruby", "perl", "javascript", "html5")
# These stand beside other lines, which run all the same.
COMMANDS = ("pip", "conda", "mamba", "uv", "sx", "system")
# The options that a line of the magic `timeit` begins with, and those of them that say how often to run.
_TIMING_OPTIONS = re.compile(r"\s*(?:-[a-z]\S*\s+(?:\d+\s+)?)*")
_TIMES, _REPEATS = re.compile(r"-[a-z]*n"), re.compile(r"-[a-z]*r")


class Stream:
    """A text stream that keeps what is written to it."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, shell: "StudentShell", name: str) -> None:
        self._shell = shell
        self._name = name

    def write(self, text: str) -> int:
        """Keep text."""
        if not isinstance(text, str):
            msg = f"write() argument must be str, not {type(text).__name__}"
            raise TypeError(msg)
        self._shell.outputs.stream(self._name, text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Keep several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Do nothing; everything is kept at once."""

    def isatty(self) -> bool:
        """Say that nobody looks."""
        return False

    def fileno(self) -> int:
        """Refuse, as a stream without a file does."""
        msg = "this stream has no file descriptor"
        raise OSError(msg)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def readable(self) -> bool:
        """Say that it can't be read."""
        return False


class KeepingPublisher(DisplayPublisher):
    """Keeps what `display` shows."""

    shell: Any

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        """Keep one displayed value."""
        self.shell.outputs.rich("display_data", data, metadata or {})

    def clear_output(self, wait: bool = False) -> None:
        """Drop what the cell showed so far."""
        self.shell.outputs.kept.clear()


class KeepingHook(DisplayHook):
    """Keeps the value of a cell's last expression."""

    shell: Any

    def quiet(self) -> bool:
        """Tell whether the cell ends with a semicolon, which asks for no output."""
        return bool(self.semicolon_at_end_of_expression(self.shell.cell_source))  # type: ignore[no-untyped-call]

    def write_output_prompt(self) -> None:
        """Write no prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Keep the value in all its forms."""
        self.shell.outputs.rich("execute_result", format_dict, md_dict or {})

    def finish_displayhook(self) -> None:
        """Write no newline."""


class StudentShell(InteractiveShell):
    """The shell: outputs are kept, errors are kept as data, and nothing reaches a terminal or a file."""

    compiler_class = Type(Compiler)
    compile: Compiler
    displayhook_class = Type(KeepingHook)
    display_pub_class = Type(KeepingPublisher)
    builtins: OwnBuiltins

    def init_outputs(self, most: int, source: str = "") -> None:
        """Start with no output, for a cell with this source."""
        self.outputs = Outputs(most)
        self.cell_source = source

    def transform_cell(self, raw_cell: str) -> str:
        """Return a cell as Python; one that is Python is so already, and takes half as long this way."""
        text = raw_cell if raw_cell.endswith("\n") else f"{raw_cell}\n"
        if self._transforms() == self.usual_transforms and self.compile.is_python(text):
            return text
        return str(super().transform_cell(raw_cell))  # type: ignore[no-untyped-call]

    def _transforms(self) -> list[int]:
        """Return how many steps make Python of a cell; a cell may add its own."""
        steps = self.input_transformer_manager
        return [
            len(of_a_kind)
            for of_a_kind in (
                steps.cleanup_transforms, steps.line_transforms, steps.token_transformers, self.input_transformers_post,
            )
        ]  # fmt: skip

    def keep_transforms(self) -> None:
        """Take what makes Python of a cell now for what is usual."""
        self.usual_transforms = self._transforms()

    async def run_code(self, code_obj: Any, result: Any = None, *, async_: bool = False) -> Any:
        """Run one statement of a cell, with the built-in functions that are the student's."""
        with self.builtins:
            return await super().run_code(code_obj, result, async_=async_)  # type: ignore[no-untyped-call]

    def should_run_async(self, raw_cell: str, **named: Any) -> bool:
        """Tell whether a cell awaits something."""
        return ("await" in raw_cell or "async" in raw_cell) and super().should_run_async(raw_cell, **named)

    async def run_ast_nodes(self, nodelist: list[Any], cell_name: str, *positional: Any, **named: Any) -> Any:
        """Run a cell's statements; an import of what nobody has used yet is left for later."""
        nodes = [node for node in nodelist if not waiting_modules.bind(node, self.user_ns)]
        return await super().run_ast_nodes(nodes, cell_name, *positional, **named)

    def enable_matplotlib(self, gui: Any = None) -> Any:
        """Draw as a notebook does, which is what is done anyway; nothing is loaded for it."""
        if waiting_modules.is_waiting(waiting_modules.PACKAGE):
            return gui, INLINE_BACKEND
        enabled = super().enable_matplotlib(gui)  # type: ignore[no-untyped-call]
        if not are_drawn():
            leave_undrawn()
        return enabled

    def enable_gui(self, gui: Any = None) -> None:
        """Accept any event loop's name, and run none."""

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Keep the error that is being handled."""
        error = sys.exc_info()[1]
        if error is not None:
            self.outputs.error(error)

    def showsyntaxerror(self, filename: Any = None, running_compiled_code: bool = False) -> None:
        """Keep a syntax error."""
        self.showtraceback()

    def system(self, cmd: str) -> None:
        """Refuse a shell command, as a command fails that is not there: the cell goes on."""
        self.outputs.stream("stderr", f"{NO_SHELL}: {cmd[:MOST_COMMAND]}\n")
        self.user_ns["_exit_code"] = NOT_FOUND

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Refuse a shell command, which then gives nothing."""
        self.system(cmd)
        return SList([])


def _command(shell: StudentShell, name: str) -> Any:
    """Return what a magic does that stands for a command."""
    return lambda line="", cell=None: shell.getoutput(f"%{name} {line}{cell or ''}")


def _refuse_shell(*_: Any) -> None:
    raise RuntimeError(NO_SHELL)


def _refuse_input(*_: Any, **__: Any) -> str:
    raise RuntimeError(NO_INPUT)


def _time_once(shell: StudentShell) -> None:
    """Let the magic `timeit` run once where it is not told how often: left to itself it takes seconds a cell.

    All cells of a notebook share one limit on time, and what is timed proves nothing here.
    """
    usual: Any = shell.find_magic("timeit")  # type: ignore[no-untyped-call]

    def timeit(line: str = "", cell: str | None = None, local_ns: Any = None) -> Any:
        found = _TIMING_OPTIONS.match(line)
        options = found.group() if found else ""
        if not _TIMES.search(options):
            line = f"-n1 {line}" if _REPEATS.search(options) else f"-n1 -r1 {line}"
        return usual(line, cell, local_ns)

    timeit.needs_local_scope = True  # type: ignore[attr-defined]
    shell.register_magic_function(
        timeit,  # type: ignore[arg-type]
        "line_cell",
    )


def make_shell() -> StudentShell:
    """Return a shell whose names live in `__main__`, as a kernel's do."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.autocall = 0
    main = types.ModuleType("__main__")
    shell: StudentShell = StudentShell.instance(config=config, user_module=main, user_ns=main.__dict__)
    sys.modules["__main__"] = main
    shell.init_outputs(0)
    shell.builtins = OwnBuiltins()
    shell.keep_transforms()
    for name in COMMANDS:
        shell.register_magic_function(_command(shell, name), "line_cell", name)
    for name in SHELL_MAGICS:
        shell.register_magic_function(
            _refuse_shell,  # type: ignore[arg-type]
            "line_cell",
            name,
        )
    _time_once(shell)
    builtins.input = _refuse_input
    # Left out by Python itself, which starts here without its site module.
    builtins.help = _sitebuiltins._Helper()  # noqa: SLF001 - there is no public name for it
    waiting_modules.when_loaded(lambda: warm_up_figures(shell))
    _warm_up(shell)
    # Before any fork: to copy the table of all modules touches each of them, which a fork would copy one by one.
    shell.builtins = OwnBuiltins()
    return shell


# A value that is shown, an error, and the way to both.
_FIRST_CELLS = ("def first():\n    return 1\nfirst()", "raise ValueError", "if")


def _warm_up(shell: StudentShell) -> None:
    """Load and compile what the first cell of every fork would have to, and leave no trace of it."""
    names = dict(shell.user_ns)
    for cell in _FIRST_CELLS:
        shell.init_outputs(0, cell)
        shell.run_cell(cell, store_history=False)  # type: ignore[no-untyped-call]
    shell.user_ns.clear()
    shell.user_ns.update(names)
    shell.init_outputs(0)
