"""Tests of the tests: whether a problem set's hidden cases find what is wrong and leave alone what is right."""
