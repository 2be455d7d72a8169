"""What the tests of the engine share: notebooks made in memory, a running grader, the command line."""
