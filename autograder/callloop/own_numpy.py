"""NumPy's functions as they are before any student code runs, for the call loop.

A student's cell may put another function in the place of `np.asarray` or `np.zeros`. Its own later cells find that; the
call loop does not, so that later functions of the student's are called and their answers read as ever.
"""

import types
from typing import TYPE_CHECKING

import numpy as np
import numpy.ma  # NumPy loads it and the next when they are asked for, which would be in every fork
import numpy.random

if not TYPE_CHECKING:
    _usual, np = np, types.ModuleType(np.__name__)
    vars(np).update(vars(_usual))

__all__ = ["np"]
