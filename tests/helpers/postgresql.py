"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket, run by an ordinary user."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3].split(".")[0]))
SECONDS = 60


def _run(program: str, *words: str, folder: Path) -> None:
    """Run one of the server's programs, as a user who may: root must not."""
    who = {} if os.geteuid() else {"user": "postgres", "group": "postgres", "extra_groups": []}
    with (folder / "log").open("a") as log:
        done = subprocess.run(
            [str(PROGRAMS[-1].parent / program), *words],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=SECONDS, check=False, **who,
        )  # fmt: skip
    assert done.returncode == 0, (folder / "log").read_text()


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Run a server in this block; yields the URL of its database, without the database's name."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = folder / "data"
        # Nothing here outlives the tests, so that the disk need not be waited for.
        _run("initdb", "-D", str(data), "-U", "grader", "--auth=trust", "--no-sync", "-E", "UTF8", folder=folder)
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        _run("pg_ctl", "-D", str(data), "-w", "-o", options, "start", folder=folder)
        try:
            yield f"postgresql://grader@/{{name}}?host={folder}"
        finally:
            _run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop", folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(url: str, name: str) -> str:
    """Make a database on a server and return its URL."""
    import psycopg2

    connection = psycopg2.connect(url.format(name="postgres"))
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    return url.format(name=name)
