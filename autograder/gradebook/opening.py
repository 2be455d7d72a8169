"""Opening the gradebook, and transactions on it whose errors are told in plain words."""

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from autograder.course import Course
from autograder.gradebook.backups import FOLDER, back_up
from autograder.gradebook.errors import WAIT_SECONDS, GradebookError, in_plain_words, shown, sqlite_file
from autograder.gradebook.late import Penalties
from autograder.gradebook.tables import METADATA
from autograder.loading import LOADING


class Gradebook:
    """An open gradebook of a course."""

    def __init__(self, course: Course, engine: Engine) -> None:
        self.course = course
        self.engine = engine
        self.penalties = Penalties(course)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All that is done in this block is written, or nothing of it. Raises GradebookError."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, UnicodeError) as error:
            # What is wrong with one value is not wrong with the others.
            lasting = not isinstance(error, (DataError, IntegrityError, UnicodeError))
            raise GradebookError(_told(self.course, error), lasting=lasting) from None

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _told(course: Course, error: Exception) -> str:
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    lines = str(original).strip().splitlines()
    return in_plain_words(course.database, lines[0] if lines else type(error).__name__, course.root / FOLDER)


def _engine(course: Course) -> Engine:
    """Return a connection pool in which a transaction begins when it is said to. Raises GradebookError."""
    is_sqlite = sqlite_file(course.database) is not None
    try:
        engine = create_engine(course.database, connect_args={"timeout": WAIT_SECONDS} if is_sqlite else {})
    except ModuleNotFoundError as error:
        remedy = "pip install 'backprop-autograder[postgresql]'"
        msg = f"the gradebook {shown(course.database)} needs {error.name}, which is not installed: {remedy}"
        raise GradebookError(msg) from None
    except SQLAlchemyError as error:
        raise GradebookError(_told(course, error)) from None

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        if is_sqlite:
            connection.isolation_level = None  # the driver would begin transactions of its own, later

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if is_sqlite:
            # The right to write is taken first, so that no other program's writing comes in between.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(WAIT_SECONDS)}s'")

    return engine


def _columns(engine: Engine) -> dict[str, set[str]]:
    look = inspect(engine)
    return {table: {column["name"] for column in look.get_columns(table)} for table in look.get_table_names()}


def _is_half_made(engine: Engine, found: dict[str, set[str]]) -> bool:
    """Tell whether tables were made by a program that ended before anything was in them."""
    if "alembic_version" in found:
        return False
    with engine.connect() as connection:
        known = [table for table in METADATA.sorted_tables if table.name in found]
        return not any(connection.execute(select(table.c.id).limit(1)).first() for table in known)


def _made_by_nbgrader(address: str, course_id: str) -> None:
    """Have nbgrader make the tables of a new gradebook."""
    from alembic.script import ScriptDirectory
    from nbgrader import api
    from nbgrader.dbutil import ALEMBIC_DIR

    # It would start the program `alembic` to ask this, which imports all of nbgrader once more.
    newest, asking = ScriptDirectory(ALEMBIC_DIR).get_current_head(), api.get_alembic_version
    api.get_alembic_version = lambda: newest
    try:
        api.Gradebook(address, course_id).close()
    finally:
        api.get_alembic_version = asking


def _make(course: Course) -> None:
    """Have nbgrader make a gradebook: a file in one step, so that there is never half a one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own, about SQLAlchemy's ways
        with LOADING:
            from nbgrader.api import Base

        file, course_id = sqlite_file(course.database), course.directory.course_id
        if file is None:
            engine = _engine(course)
            Base.metadata.drop_all(engine)  # empty ones; the caller has looked
            engine.dispose()
            _made_by_nbgrader(course.database, course_id)
            return
        new = file.with_name(f".{file.name}.new")
        new.unlink(missing_ok=True)
        _made_by_nbgrader(f"sqlite:///{new}", course_id)
    new.replace(file)


def open_gradebook(course: Course) -> Gradebook:
    """Open a course's gradebook, made now if there is none, and back it up first if there is one.

    Raises GradebookError if that can't be done.
    """
    back_up(course.root, course.database)
    try:
        engine = _engine(course)
        file = sqlite_file(course.database)
        found = _columns(engine) if file is None or file.exists() else {}
        if not found or _is_half_made(engine, found):
            engine.dispose()
            _make(course)
            engine = _engine(course)
            found = _columns(engine)
    except (SQLAlchemyError, OSError) as error:
        raise GradebookError(_told(course, error)) from None
    lacking = [
        table.name for table in METADATA.sorted_tables if not set(table.c.keys()) <= found.get(table.name, set())
    ]
    if lacking:
        msg = (
            f"the gradebook {shown(course.database)} was made by an older nbgrader: {', '.join(lacking)} differs; "
            f"type: nbgrader db upgrade"
        )
        raise GradebookError(msg)
    return Gradebook(course, engine)
