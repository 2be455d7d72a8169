"""Pictures and tables in HTML, SVG and plain text: pure functions of numbers and names.

Nothing that is drawn loads, links or runs anything, and every picture has its text beside it.
"""
