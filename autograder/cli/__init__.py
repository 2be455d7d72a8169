"""The command line: one file a verb, each a function of typed arguments that returns an exit status."""
