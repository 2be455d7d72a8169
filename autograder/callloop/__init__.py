"""The student's side of the boundary: a fork server, the lockdown of a fork, and its call loop.

This package is all that the sandbox sees of the grader. It imports nothing of the rest, and it
holds no test, no expected value and no path of the course. Whatever happens in here is the
student's word: the other side treats every byte that comes out as an answer, never as a fact.
"""
