"""Reading a submitted file: whatever it is, a notebook or a refusal that says why and quotes nothing of it."""

import json
import os
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.notebooks import code, markdown, notebook, written

from autograder.notebook.reading import NotebookError, notebook_from_bytes, read_notebook

MOST = 100_000
SOON = 10.0  # the first notebook of format 3 loads its converter
CANARY = "c4nary"
PLAIN = notebook(code(f"x = 1  # {CANARY}"), markdown("text"))


def _refusal(path: Path, most: int = MOST) -> str:
    """Return why a file is refused; the reason must quote nothing of it and come soon."""
    started = time.monotonic()
    with pytest.raises(NotebookError) as caught:
        read_notebook(path, most)
    assert time.monotonic() - started < SOON
    assert CANARY not in str(caught.value)
    assert str(path.parent) not in str(caught.value)
    return str(caught.value)


# --- places ---------------------------------------------------------------------------------------


def test_an_ordinary_notebook_is_read(tmp_path: Path) -> None:
    """A notebook file gives its cells in order, with the bytes it was read from."""
    path = written(PLAIN, tmp_path / "a.ipynb")
    read = read_notebook(path, MOST)
    assert [(cell.kind, cell.source) for cell in read.cells] == [("code", f"x = 1  # {CANARY}"), ("markdown", "text")]
    assert read.content == path.read_bytes()


def _a_folder(path: Path) -> None:
    path.mkdir()


def _a_fifo(path: Path) -> None:
    os.mkfifo(path)


def _a_link_elsewhere(path: Path) -> None:
    path.symlink_to(written(PLAIN, path.parent / "elsewhere" / "secret.ipynb"))


def _a_link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _a_link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing.ipynb")


def _a_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def _nothing(path: Path) -> None:
    assert not path.exists()


def _a_link_out_by_way_of_a_neighbour(path: Path) -> None:
    (path.parent / "neighbour").symlink_to(written(PLAIN, path.parent / "elsewhere" / "secret.ipynb"))
    path.symlink_to("neighbour")


PLACES: list[tuple[Callable[[Path], None], str]] = [
    (_nothing, "does not exist"),
    (_a_folder, "not an ordinary file|is a folder|can't be opened"),
    (_a_fifo, "not an ordinary file"),
    (_a_link_elsewhere, "link"),
    (_a_link_out_by_way_of_a_neighbour, "link"),
    (_a_link_to_a_device, "link|not an ordinary file"),
    (_a_link_to_nothing, "does not exist"),
    (_a_link_to_itself, "link|can't be opened"),
]


@pytest.mark.parametrize(("make", "why"), PLACES, ids=[make.__name__ for make, _ in PLACES])
def test_what_is_no_file_of_its_own_is_refused(tmp_path: Path, make: Callable[[Path], None], why: str) -> None:
    """A missing path, a folder, a pipe, a device or a link elsewhere is refused at once, by what it is."""
    path = tmp_path / "a.ipynb"
    make(path)
    assert re.search(why, _refusal(path))


def test_a_socket_is_refused(tmp_path: Path) -> None:
    """A socket among the submissions is refused, as a device is."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "a.ipynb"))
        assert _refusal(tmp_path / "a.ipynb")


def test_a_link_beside_its_file_is_read(tmp_path: Path) -> None:
    """A link to a file in the same folder leads nowhere else, so it is read."""
    written(PLAIN, tmp_path / "b.ipynb")
    (tmp_path / "a.ipynb").symlink_to("b.ipynb")
    assert len(read_notebook(tmp_path / "a.ipynb", MOST).cells) == 2


@pytest.mark.parametrize("over", [0, 1])
def test_the_limit_on_a_files_size_is_exact(tmp_path: Path, over: int) -> None:
    """A file of exactly the limit is read, one of a byte more is refused as too large."""
    path = written(PLAIN, tmp_path / "a.ipynb")
    size = path.stat().st_size
    if over:
        assert "larger than" in _refusal(path, size - over)
    else:
        assert read_notebook(path, size)


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    """A file of a terabyte is refused at once."""
    path = tmp_path / "a.ipynb"
    with path.open("wb") as file:
        file.truncate(10**12)
    assert "64 MB" in _refusal(path, 64 * 1024 * 1024)


# --- bytes ----------------------------------------------------------------------------------------

GOOD = json.dumps(PLAIN)
BYTES = {
    "nothing": (b"", "empty"),
    "white space": (b" \n\n", "empty"),
    "a cut upload": (GOOD[:-40].encode(), "JSON is broken at line 1"),
    "python": (f"import numpy  # {CANARY}\n".encode(), "JSON is broken at line 1"),
    "latin-1": (GOOD.replace("text", "t\xe9xt").encode("latin-1"), "UTF-8"),
    "utf-16": (GOOD.encode("utf-16"), "UTF-8"),
    "a zip": (b"PK\x03\x04\xff\xfe" + CANARY.encode(), "UTF-8"),
    "a number": (b"3", "not a notebook"),
    "a list": (json.dumps([CANARY]).encode(), "not a notebook"),
    "some object": (json.dumps({CANARY: 1}).encode(), "no notebook format"),
    "endless nesting": (b'{"cells": ' + b"[" * 100_000, "JSON"),
    "a number without end": (b'{"nbformat": ' + b"9" * 5000 + b"}", "JSON can't be read"),
    "format 5": (json.dumps({**PLAIN, "nbformat": 5}).encode(), "format 5"),
    "format 2": (json.dumps({**PLAIN, "nbformat": 2}).encode(), "format 2"),
    "format true": (json.dumps({**PLAIN, "nbformat": True}).encode(), "no notebook format"),
    "format text": (json.dumps({**PLAIN, "nbformat": CANARY}).encode(), "no notebook format"),
    "no cells": (json.dumps({**PLAIN, "cells": []}).encode(), "without cells"),
    "cells of no cell": (json.dumps({**PLAIN, "cells": [1, None, CANARY]}).encode(), "without cells"),
    "cells that are text": (json.dumps({**PLAIN, "cells": CANARY}).encode(), "without cells"),
    "cells missing": (json.dumps({"nbformat": 4, "metadata": {}}).encode(), "without cells"),
    "too many cells": (b'{"nbformat": 4, "cells": [' + b"{}," * 200_000 + b"{}]}", "200,000 cells"),
    "too many in format 3": (
        b'{"nbformat": 3, "worksheets": [{"cells": [' + b"{}," * 200_000 + b"{}]}]}",
        "200,000 cells",
    ),
    "a broken format 3": (json.dumps({"nbformat": 3, "worksheets": CANARY}).encode(), "format 3"),
}


@pytest.mark.parametrize("name", BYTES)
def test_what_is_no_notebook_is_refused(tmp_path: Path, name: str) -> None:
    """Bytes that are no notebook are refused with the reason, and nothing of them is quoted."""
    content, why = BYTES[name]
    (tmp_path / "a.ipynb").write_bytes(content)
    assert why in _refusal(tmp_path / "a.ipynb", 10**6)


def test_a_broken_format_3_is_not_quoted_in_a_log(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Converting a broken notebook of format 3 writes nothing of it to a log or a stream."""
    with pytest.raises(NotebookError):
        notebook_from_bytes(BYTES["a broken format 3"][0])
    out, err = capfd.readouterr()
    assert CANARY not in caplog.text + out + err


def test_a_byte_order_mark_is_fine() -> None:
    """A file that begins with a byte order mark, as Windows editors write it, is read."""
    assert len(notebook_from_bytes(b"\xef\xbb\xbf" + GOOD.encode()).cells) == 2


def test_windows_line_ends_are_fine() -> None:
    """A file with CRLF line ends is read."""
    assert len(notebook_from_bytes(json.dumps(PLAIN, indent=1).replace("\n", "\r\n").encode()).cells) == 2


def test_the_line_of_broken_json_is_told() -> None:
    """Broken JSON is told by its line."""
    with pytest.raises(NotebookError, match="line 3"):
        notebook_from_bytes(b'{\n"cells": [],\n"x" 1}')
