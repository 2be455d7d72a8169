"""Grading on Gradescope: the zip that makes its image, what runs in there, and who sees a test's result when.

The format of both is that of Gradescope's "Autograder Specifications".
"""
