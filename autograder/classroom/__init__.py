"""What can be said of a class: pure functions of what grading found, and the two writers of the result.

`reading` gathers a class from a course's folder; everything else is a function of that frozen value.
"""
