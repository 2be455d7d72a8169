"""The measured cases stand in benchmarks/, where all of them are run; the tests take a part of them."""

import sys

from helpers.notebooks import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
