"""`blame`: a network drawn with its gradient flowing back, for the sets' networks and for a student's own."""

from autograder.network.blame import Blame, BlameSteps, blame, blame_steps

__all__ = ["Blame", "BlameSteps", "blame", "blame_steps"]
