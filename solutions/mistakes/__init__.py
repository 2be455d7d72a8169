"""Known mistakes of each problem set's functions, with what a student is told who makes one."""
