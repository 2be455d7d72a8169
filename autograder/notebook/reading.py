"""Reading a submitted file, which may be anything, into a notebook or a refusal that says why."""

import json
import logging
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.notebook.cells import Cell, cell_from_json, storable
from autograder.notebook.sources import parsed

CURRENT_FORMAT = 4
OLDEST_FORMAT = 3
# A number past this is none of a format, and is not repeated to anybody.
NONSENSE_FORMAT = 100
MOST_PARSED_CHARACTERS = 100_000
# A cell takes some 600 bytes of memory, and three of the file.
MOST_CELLS = 200_000


class NotebookError(Exception):
    """A file can't be graded; the message says why and quotes nothing of the file."""


@dataclass(frozen=True)
class Notebook:
    """A notebook file.

    metadata: of the notebook as a whole. content: the bytes, which the seed hangs on.
    """

    cells: tuple[Cell, ...]
    metadata: dict[str, Any]
    minor: int
    content: bytes


def _links_elsewhere(path: Path) -> bool:
    try:
        if not path.is_symlink():
            return False
        return path.resolve().parent != path.parent.resolve()
    except RuntimeError:  # a circle of links
        return True
    except (OSError, ValueError):  # opening it will say what is wrong
        return False


def notebook_bytes(path: Path, most: int) -> bytes:
    """Return a submitted file's content.

    most: the size past which a file is refused. Raises NotebookError with a message that fits after the file's name.
    """
    if _links_elsewhere(path):
        msg = "is a link to a file elsewhere; submit the file itself"
        raise NotebookError(msg)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        msg = "does not exist"
        raise NotebookError(msg) from None
    except OSError as error:
        msg = f"can't be opened: {os.strerror(error.errno or 0)}"
        raise NotebookError(msg) from None
    except ValueError:
        msg = "can't be opened: no file can have that name"
        raise NotebookError(msg) from None
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        msg = "is not an ordinary file"
        raise NotebookError(msg)
    with os.fdopen(descriptor, "rb") as file:
        if facts.st_size > most:
            msg = (
                f"is larger than {most // 1024**2} MB; clear the outputs (Kernel > Restart and Clear) and submit again"
            )
            raise NotebookError(msg)
        try:
            return file.read(most)
        except OSError as error:
            msg = f"can't be read: {os.strerror(error.errno or 0)}"
            raise NotebookError(msg) from None


def _json_of(content: bytes) -> dict[str, Any]:
    if not content.strip():
        msg = "is empty; was the upload cut off?"
        raise NotebookError(msg)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        msg = "is not UTF-8 text, so it is no notebook; was another file renamed to .ipynb?"
        raise NotebookError(msg) from None
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        msg = f"is not a notebook: its JSON is broken at line {error.lineno}; was the upload cut off?"
        raise NotebookError(msg) from None
    except (ValueError, RecursionError):
        msg = "is not a notebook: its JSON can't be read"
        raise NotebookError(msg) from None
    if not isinstance(data, dict):
        msg = "is JSON, but not a notebook"
        raise NotebookError(msg)
    return data


def _refuse_too_many(cells: Any) -> None:
    if isinstance(cells, list) and len(cells) > MOST_CELLS:
        msg = f"has more than {MOST_CELLS:,} cells"
        raise NotebookError(msg)


def _current(data: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook in today's format."""
    version = data.get("nbformat")
    if not isinstance(version, int) or isinstance(version, bool):
        msg = "is JSON, but not a notebook: it names no notebook format"
        raise NotebookError(msg)
    if version > CURRENT_FORMAT:
        told = f"format {version}" if version < NONSENSE_FORMAT else "a format"
        msg = f"is a notebook of {told}, newer than this grader knows; save it as format {CURRENT_FORMAT}"
        raise NotebookError(msg)
    if version < OLDEST_FORMAT:
        told = f"format {version}" if version > 0 else "a format"
        msg = f"is a notebook of {told}, too old to be read; open it in Jupyter and save it again"
        raise NotebookError(msg)
    if version == CURRENT_FORMAT:
        return data
    worksheets = data.get("worksheets")
    for sheet in worksheets if isinstance(worksheets, list) else []:
        _refuse_too_many(sheet.get("cells") if isinstance(sheet, dict) else None)
    import nbformat

    logging.disable(logging.CRITICAL)  # what nbformat logs of a broken notebook quotes it
    try:
        converted = nbformat.convert(nbformat.from_dict(data), CURRENT_FORMAT)
    except Exception:  # noqa: BLE001 - the file may be broken in any way
        msg = f"is a notebook of format {version} that can't be converted; open it in Jupyter and save it again"
        raise NotebookError(msg) from None
    finally:
        logging.disable(logging.NOTSET)
    return json.loads(json.dumps(converted))


def _parses(source: str) -> bool:
    if source.lstrip().startswith("%%"):
        return True
    try:
        parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _refuse_other_languages(metadata: dict[str, Any], cells: tuple[Cell, ...]) -> None:
    languages = []
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        found = metadata.get(part)
        if isinstance(found, dict) and isinstance(found.get(key), str):
            languages.append(found[key].lower())
    if not languages or any("python" in language for language in languages):
        return
    code = [cell.source for cell in cells if cell.kind == "code" and cell.source.strip()]
    # Enough to tell the language by; parsing all of a huge file would take more memory than a machine has.
    if any(not _parses(source) for source in code if len(source) <= MOST_PARSED_CHARACTERS):
        msg = "is written for another language's kernel; choose the Python kernel and submit again"
        raise NotebookError(msg)


def notebook_from_bytes(content: bytes) -> Notebook:
    """Return the notebook that a file's bytes hold. Raises NotebookError."""
    data = _current(_json_of(content))
    found = data.get("cells")
    if not isinstance(found, list):
        msg = "is a notebook without cells"
        raise NotebookError(msg)
    _refuse_too_many(found)
    cells = tuple(cell_from_json(cell) for cell in found if isinstance(cell, dict))
    if not cells:
        msg = "is a notebook without cells"
        raise NotebookError(msg)
    metadata = data.get("metadata")
    metadata = storable(metadata) if isinstance(metadata, dict) else {}
    _refuse_other_languages(metadata, cells)
    minor = data.get("nbformat_minor")
    if not isinstance(minor, int) or isinstance(minor, bool) or minor < 0:
        minor = CURRENT_FORMAT
    return Notebook(cells, metadata, minor, content)


def read_notebook(path: Path, most_bytes: int) -> Notebook:
    """Read a notebook file.

    most_bytes: the size past which a file is refused. Raises NotebookError with a message that fits
    after the file's name.
    """
    return notebook_from_bytes(notebook_bytes(path, most_bytes))


def notebooks_below(folder: Path) -> list[Path]:
    """Return every notebook in a folder and below, sorted, without hidden ones, checkpoints and links."""
    found: list[Path] = []
    for parent, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (Path(parent) / name for name in sorted(files) if name.endswith(".ipynb") and not name.startswith("."))
        found += [path for path in paths if not path.is_symlink()]
    return found
