"""A folder that every user of the machine can reach; pytest's own are its user's alone."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty folder that other users can enter and read."""
    folder = Path(tempfile.mkdtemp(prefix="machine-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
