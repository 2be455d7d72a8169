"""The special methods that a proxy has where the class of the object behind it has them, and how each is asked for."""

# By the name of the method, the operation; see operations.py.
UNARY = {
    "__len__": "len", "__iter__": "iter", "__next__": "next", "__int__": "int", "__float__": "float",
    "__complex__": "complex", "__neg__": "neg", "__pos__": "pos", "__abs__": "abs", "__invert__": "invert",
    "__reversed__": "reversed", "__index__": "index", "__enter__": "enter",
}  # fmt: skip
ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "lshift",
              "rshift", "divmod")  # fmt: skip
BINARY = {f"__{name}__": name for name in ARITHMETIC}
REFLECTED = {f"__r{name}__": f"r{name}" for name in ARITHMETIC}
IN_PLACE = {f"__i{name}__": f"i{name}" for name in ARITHMETIC if name != "divmod"}
ORDERING = {"__lt__": "lt", "__le__": "le", "__gt__": "gt", "__ge__": "ge"}
ITEMS = {"__getitem__": "getitem", "__setitem__": "setitem", "__delitem__": "delitem"}
OTHERS = (
    "__await__",
    "__aiter__",
    "__aenter__",
    "__aexit__",
    "__bool__",
    "__contains__",
    "__call__",
    "__exit__",
    "__round__",
)
SPECIAL_METHODS = (*UNARY, *BINARY, *REFLECTED, *IN_PLACE, *ITEMS, *OTHERS)
# These every class has, so that only one of the class's own counts.
OF_EVERY_OBJECT = ("__eq__", "__hash__", "__format__", *ORDERING)
# Methods by which tests compare an answer of pandas', NumPy's or Python's own classes with what they expect.
COMPARING = {"equals", "identical", "isclose", "allclose", "array_equal", "issubset", "issuperset", "isdisjoint"}
COMPARING |= {"startswith", "endswith", "eq", "ne", "lt", "le", "gt", "ge", "isin", "compare", "almost_equals"}
COMPARING |= {"symmetric_difference"}
