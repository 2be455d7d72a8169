"""The order in which test files are begun."""

# What takes longest is begun first, so that no worker is left alone with it at the end.
SLOWEST = (
    "cluster/test_cluster.py",
    "course/test_gradebook_trouble.py",
    "verify/test_sets.py",
    "course/test_same_as_stock.py",
    "course/test_postgresql.py",
    "verify/test_planted.py",
    "docs/test_tutorials.py",
    "numerics/test_wrong_gradients.py",
    "course/test_incremental.py",
    "course/test_changed_tests.py",
    "leaks/test_leaks.py",
    "browser/test_pages.py",
    "numerics/test_right_gradients_first_half.py",
    "numerics/test_right_gradients_second_half.py",
    "cli/test_start.py",
    "course/test_grade.py",
    "course/test_demo.py",
    "testing/test_pytest_plugin.py",
)
