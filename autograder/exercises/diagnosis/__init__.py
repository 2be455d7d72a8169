"""What a wrong answer looks like: known mistakes are tried on the same inputs until one gives the same answer."""
