"""Loading nbgrader and nbconvert, which is put off until something needs them, by one thread at a time.

Their modules import each other in circles. Where two threads meet in one, each waits for a module that the other is
loading; Python then lets one of them have half a module (importlib's avoidance of deadlocks), and its import fails.
"""

import threading

# Held around every import of them that is not at the top of a module. One thread may load more on the way.
LOADING = threading.RLock()
