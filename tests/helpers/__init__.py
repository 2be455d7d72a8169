"""What the tests share."""

import sys
from pathlib import Path

# Before anything is imported that would parse a grammar for seconds, in each of the processes that run tests.
sys.path.insert(0, str(Path(__file__).parent / "quick"))
