"""What both directions of the codec agree on: which data is plain, and how text is made safe."""

SAFE_INTEGER = 2**53
ARRAY_KINDS = "biufcmMSU"
LONGEST_DTYPE_NAME = 16
# What pandas takes to make one column of an extension type would make fifty lists.
ITEMS_OF_AN_EXTENSION = 15
LARGEST_CODE_POINT = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)


def clean(text: str) -> str:
    """Replace lone surrogates, which no output format can carry."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


class Elsewhere:
    """What stands for a value on the other side; it is never looked into, which would be asking the other side."""

    __slots__ = ()
