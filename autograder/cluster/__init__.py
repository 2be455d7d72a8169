"""Grading on a Dask cluster: what is sent, what its workers do with it, and who keeps count."""
