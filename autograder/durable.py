"""Writing many files so that each is the old one or the new one, whatever ends this process or the power."""

import contextlib
import os
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Waiting for the disk takes no processor time, and waiting for several files at once takes little longer than for one.
AT_ONCE = 16


def _beside(path: Path) -> Path:
    """Return where a file is written before it takes its place: the same name each time, so that none is left over."""
    return path.with_name(f".{path.name}.new")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes | Path) -> None:
    new = _beside(path)
    if isinstance(content, Path):
        shutil.copyfile(content, new)
    else:
        new.write_bytes(content)
    _flush(new)


def _made(folder: Path) -> Iterable[Path]:
    """Make a folder with those above it, and return what must be on the disk for it to be there."""
    missing = [folder]
    while not missing[-1].exists():
        missing.append(missing[-1].parent)
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def write_durably(files: Mapping[Path, bytes | Path]) -> None:
    """Write files, each from bytes or as a copy of another file, and wait until they are on the disk.

    Each takes its place in one step, after its content is safe, in the order that is given.
    Raises OSError, with no file changed, if one of them can't be written.
    """
    folders: dict[Path, None] = {}
    for folder in dict.fromkeys(path.parent for path in files):
        folders.update(dict.fromkeys(_made(folder)))
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(_write, path, content) for path, content in files.items()]:
                done.result()
            for path in files:
                _beside(path).replace(path)
            for flushed in [pool.submit(_flush, folder) for folder in folders]:
                flushed.result()
    except BaseException:
        for path in files:
            with contextlib.suppress(OSError):
                _beside(path).unlink(missing_ok=True)
        raise
