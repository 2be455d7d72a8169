"""What code reaches for if it is after the tests and not after the gradient, as tables: name → what that is for."""

from dataclasses import dataclass

COMPARISON = "changes what compares answers"
AGREES = "returns an object that agrees with anything"
FRAMES = "looks at other functions' variables or at all objects in memory"
IMPORTS = "changes what an import gives, or imports parts of the grader"
FILES = "reads or searches files outside its folder, or the environment"
PROCESSES = "starts, ends or reaches other programs, or the machine below Python"
NETWORK = "opens a connection to the network"
SHELL = "changes the notebook's own shell"
HOOKS = "asks to be called at exits, errors or each step of a program"
CODE = "runs text as code, or builds code by hand"
ENDS = "ends the process that runs the tests"
GUARDS = "makes its arguments writable, or writes to memory that is not its own"
RANDOM = "looks at the state of random numbers, or sets it"
BACKGROUND = "goes on working after it has answered"
CONSTANTS = "returns fixed numbers, for chosen arguments or for all"
TESTS = "names what only tests and grading have"

TOO_LONG = "is too long, or nested too deeply, to be looked through"

# What was in the notebook itself, as grading noted it.
LOCKED = "changed, removed or repeated cells that are the instructor's"


@dataclass(frozen=True)
class Uses:
    """Names whose use says what a cell is after: `modules` with everything in them."""

    what: str
    modules: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


USES = (
    Uses(
        FRAMES,
        modules=("gc", "inspect", "traceback", "faulthandler", "tracemalloc", "dis"),
        names=("sys._getframe", "sys._current_frames", "globals", "sys.exc_info"),
        attributes=(
            "f_back", "f_locals", "f_globals", "f_builtins", "tb_frame", "gi_frame", "__globals__", "__closure__",
            "__subclasses__", "__mro__", "__code__", "__func__", "__self__", "co_consts",
        ),
    ),
    Uses(
        IMPORTS,
        modules=("importlib", "imp", "pkgutil", "zipimport", "nbgrader", "solutions", "conftest"),
        names=("sys.modules", "sys.meta_path", "sys.path_hooks", "__import__", "sys.path", "builtins.__import__"),
    ),
    Uses(
        FILES,
        modules=("glob", "shutil", "tempfile", "mmap", "sqlite3", "pwd", "linecache", "fileinput"),
        names=(
            "os.walk", "os.listdir", "os.scandir", "os.environ", "os.getenv", "os.readlink", "os.symlink", "os.link",
            "os.open", "os.read", "os.write", "os.fdopen", "os.dup", "os.dup2", "os.fstat", "os.chmod", "os.remove",
            "os.unlink", "os.mkfifo", "os.pipe", "os.close", "os.truncate", "os.ftruncate", "os.chdir", "os.stat",
            "os.memfd_create", "os.mknod", "os.closerange", "os.sendfile", "os.rmdir", "os.rename", "os.getcwd",
            "sys.argv", "sys.orig_argv", "os.fsync", "os.truncate", "os.makedirs", "os.mkdir",
        ),
    ),
    Uses(
        PROCESSES,
        modules=("subprocess", "multiprocessing", "signal", "ctypes", "_ctypes", "pty", "resource", "cffi",
                 "concurrent.futures.process", "concurrent.futures.ProcessPoolExecutor", "_posixsubprocess",
                 "fcntl", "termios", "tty", "select"),
        names=(
            "os.system", "os.popen", "os.fork", "os.forkpty", "os.kill", "os.killpg", "os.setsid", "os.setpgid",
            "os.posix_spawn", "os.posix_spawnp", "os.execv", "os.execve", "os.execl", "os.execlp", "os.execvp",
            "os.spawnl", "os.spawnv", "os.getppid", "os.unshare", "os.setns", "os.nice", "os.ptrace", "os.setuid",
            "os.setresuid", "os.chroot", "os.sched_setaffinity", "os.pidfd_open", "os.waitpid",
        ),
    ),
    Uses(
        NETWORK,
        modules=("socket", "urllib.request", "urllib", "http", "requests", "httpx", "ftplib", "smtplib", "ssl",
                 "socketserver", "telnetlib", "aiohttp", "urllib3", "xmlrpc", "webbrowser"),
    ),
    Uses(
        SHELL,
        modules=("IPython.core", "ipykernel"),
        attributes=(
            "ast_transformers", "set_custom_exc", "history_manager", "user_ns", "input_transformers_post",
            "input_transformers_cleanup", "run_cell", "displayhook", "display_pub", "user_global_ns", "pre_run_cell",
        ),
    ),
    Uses(
        HOOKS,
        modules=("atexit",),
        names=("sys.settrace", "sys.setprofile", "sys.excepthook", "sys.exitcode", "threading.settrace",
               "threading.setprofile", "sys.addaudithook", "sys.unraisablehook", "sys.monitoring", "sys.displayhook",
               "weakref.finalize", "threading.excepthook", "sys.setrecursionlimit", "sys.setswitchinterval",
               "sys.set_asyncgen_hooks", "sys.breakpointhook", "sys.set_coroutine_origin_tracking_depth"),
    ),
    Uses(
        CODE,
        modules=("marshal", "pickle", "dill", "cloudpickle", "codeop", "runpy"),
        names=("eval", "exec", "compile", "types.CodeType", "types.FunctionType", "types.ModuleType", "builtins.eval",
               "builtins.exec"),
    ),
    Uses(
        ENDS,
        names=("os._exit", "os.abort", "sys.exit", "exit", "quit", "SystemExit", "KeyboardInterrupt",
               "GeneratorExit", "signal.raise_signal"),
    ),
    Uses(
        GUARDS,
        names=("numpy.lib.stride_tricks.as_strided", "numpy.frombuffer", "numpy.core", "numpy._core"),
        attributes=("writeable", "setflags", "from_address", "ctypes", "data_as"),
    ),
    Uses(
        RANDOM,
        names=("random.getstate", "random.setstate", "numpy.random.get_state", "numpy.random.set_state",
               "numpy.random.mtrand", "numpy.random._rand", "numpy.random.bit_generator"),
    ),
    Uses(BACKGROUND, modules=("threading", "_thread", "concurrent", "asyncio", "sched")),
    Uses(
        TESTS,
        modules=("pytest", "_pytest", "unittest", "doctest"),
        names=("autograder.judge", "autograder.callloop", "autograder.exercises", "autograder.report",
               "autograder.sandbox", "autograder.pipeline", "autograder.gradebook"),
    ),
    Uses(
        AGREES,
        modules=("unittest.mock", "mock"),
    ),
)  # fmt: skip
# Texts of paths and names that an answer has no use for, as parts of a string.
TEXTS = {
    FILES: ("/proc", "/etc/", "/home", "/root", "/dev/", "/sys/", "/srv", "/mnt", "gradebook.db", ".ipynb", "/packages",
            "/loop", "../..", "/tmp/"),  # noqa: S108 - what to look for
    TESTS: ("HIDDEN TEST", "nbgrader_config", "BEGIN SOLUTION", "END SOLUTION", "autograder_result"),
}  # fmt: skip
# Methods by which a class answers comparisons, conversions and NumPy in its own way. With `always`, only where
# all that they do is to return the same thing.
AGREEABLE = frozenset(
    {"__array_ufunc__", "__array_function__", "__instancecheck__", "__subclasscheck__", "__array__", "__del__",
     "__array_wrap__", "__array_finalize__", "__array_interface__", "__reduce__", "__reduce_ex__", "__getattribute__",
     "__index__", "__mro_entries__", "__mro__", "__class_getitem__"}
)  # fmt: skip
ALWAYS = frozenset(
    {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__", "__float__", "__abs__", "__sub__",
     "__rsub__", "__len__", "__getitem__", "__getattr__", "__hash__", "__iter__", "tolist", "__call__", "__int__",
     "__contains__", "__complex__", "__str__", "__repr__", "encode", "__format__", "__radd__", "item"}
)  # fmt: skip
# Built-ins that tests compare with; no gradient needs others.
COMPARING = frozenset(
    {"isinstance", "all", "any", "abs", "type", "issubclass", "callable", "hasattr", "getattr", "AssertionError",
     "Exception", "__builtins__", "__build_class__", "repr", "print", "float", "int", "allclose", "assert_allclose"}
)  # fmt: skip
# Modules that tests compare with: nothing in them may be set.
PATCHED = frozenset(
    {"numpy", "builtins", "math", "sys", "os", "unittest", "scipy", "pandas", "types", "random", "time",
     "autograder"}
)  # fmt: skip
