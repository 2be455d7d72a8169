"""The reference package: every function that students write, each declared as an exercise."""
