"""Names that mean something to a proxy: of methods that compare, and what a test may ask for by a special name."""

from autograder.callloop.special_methods import BINARY, COMPARING, IN_PLACE, ITEMS, ORDERING, REFLECTED, UNARY

# Methods by which tests compare an answer with what they expect, and the special ones.
COMPARISONS = {*COMPARING, "__eq__", "__ne__", "__contains__", *ORDERING}
COMPARISONS |= {*BINARY, *REFLECTED, *IN_PLACE}
# What a test may ask of an object that Python calls by a special name; the rest Python asks on its own account.
ASKED_FOR = frozenset((
    "__dict__", "__doc__", "__name__", "__qualname__", "__module__", "__code__", "__defaults__", "__kwdefaults__",
    "__annotations__", "__wrapped__", "__closure__", "__self__", "__func__", "__slots__", "__dataclass_fields__",
    "__abstractmethods__", "__members__", "__isabstractmethod__", "__init__", "__post_init__", "__version__",
    "__args__", "__origin__", "__unpacked__",
    # By these scikit-learn copies an estimator, and asks what it is and whether it is fitted.
    "__sklearn_clone__", "__sklearn_is_fitted__", "__sklearn_tags__",
))  # fmt: skip
OF_CLASSES = frozenset({"__bases__", "__mro__", "__base__", "__subclasses__", "__str__", "__repr__", "__new__"})
OF_CLASSES |= {"__eq__", "__ne__", "__hash__", *UNARY, *BINARY, *REFLECTED, *IN_PLACE, *ITEMS, *ORDERING}
OF_CLASSES |= {"__flags__", "__bool__", "__contains__", "__call__", "__exit__", "__format__"}
