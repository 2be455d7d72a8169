"""What the texts of exceptions mean: a pattern, the mistake's id, and the message."""

WORDS: tuple[tuple[str, str, str], ...] = (
    (
        r"unsupported operand type.*'NoneType'|'NoneType' object|NoneType",
        "none-on-the-way", "",
    ),
    (
        r"truth value of an array",
        "truth-of-array",
        ("Your function asks whether a whole array is true, with if, and, or, max() or while. Each entry decides for "
        "itself: compare the array, which gives an array of true and false, and compute with that."),
    ),
    (
        r"only (length-1|size-1|0-dimensional) arrays can be converted|only integer scalar arrays",
        "array-for-number",
        ("Your function gives a whole array to something that takes a single number, such as float(), int(), range() "
         "or "
        "the module math. NumPy has functions that work on every entry."),
    ),
    (
        r"axis -?\d+ is out of bounds",
        "no-such-axis",
        ("Your function sums, or works otherwise, along an axis that the array does not have; count the axes of its "
        "shape, from 0."),
    ),
    (
        r"index -?\d+ is out of bounds|list index out of range|too many indices",
        "index-out-of-range",
        ("Your function asks for an entry that is not there. Is the size of an example written into it? Take sizes "
         "from "
        "the arguments' shapes, and count from 0."),
    ),
    (
        r"cannot reshape array",
        "reshape-does-not-fit",
        ("Your function reshapes an array to a shape with another number of entries. Is the size of an example written "
        "into it? A sum over an axis, or a transpose, may be what is meant."),
    ),
    (
        r"setting an array element with a sequence|inhomogeneous shape",
        "array-for-entry",
        ("Your function puts a whole array where a single number fits; look at what stands to the right of the "
        "assignment to an entry."),
    ),
    (
        r"values to unpack",
        "unpacking-does-not-fit",
        ("Your function unpacks a tuple into more or fewer names than it holds; look at what the called function "
        "returns."),
    ),
    (
        r"can only concatenate str|dtype\('<U|unsupported operand type.*'str'",
        "text-in-arithmetic",
        ("Your function computes with text. Going through a dict gives its keys, which are text, and not its values; "
        "only text can be added to text."),
    ),
    (
        r"unsupported operand type.*'(dict|tuple)'",
        "whole-in-arithmetic",
        ("Your function computes with a whole dict or tuple, where a part of it is due: take the entries by their "
        "keys, or give each value that a call returns a name."),
    ),
    (
        r"object is not (iterable|subscriptable)",
        "number-for-many",
        ("Your function goes through a single value, or asks it for an entry, where several are due. To count, go "
        "through range() of the number; and look at the order of arguments in the calls."),
    ),
    (
        r"cannot be interpreted as an integer|must be integers or slices",
        "fraction-for-count",
        ("Your function gives a number with a fraction, or an array, where a whole number is due, such as in range(), "
         "as a size, or as an index."),
    ),
    (
        r"can't multiply sequence",
        "list-in-arithmetic",
        ("Your function multiplies a Python list, or a text, by a number with a fraction. A list does no arithmetic on "
        "its entries, so make an array of it first; a text can be repeated a whole number of times only."),
    ),
    (
        r"can only concatenate|for .*: 'list' and",
        "list-in-arithmetic",
        ("Your function computes with a Python list, which does no arithmetic on its entries; make an array of it "
        "first."),
    ),
    (
        r"is not callable",
        "not-a-function",
        ("Your function calls something that is no function: round brackets where square ones are due, or a name that "
         "was "
        "given to a value."),
    ),
    (
        r"math range error|too large to convert|Numerical result out of range",
        "overflow",
        ("A number on the way gets too large. An exponential must only meet numbers that are not positive: rewrite the "
        "formula, or subtract the largest first."),
    ),
    (
        r"division by zero",
        "division-by-zero",
        ("Your function divides by something that is 0 for some inputs; a derivative is found without dividing by the "
        "variable."),
    ),
    (
        r"maximum recursion",
        "endless-recursion",
        "Your function calls itself without end; does it have the name of a function that it means to call?",
    ),
)  # fmt: skip
