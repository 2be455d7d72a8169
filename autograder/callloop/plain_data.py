"""What both directions of the codec agree on: which data is plain, and how text is made safe."""

SAFE_INTEGER = 2**53
ARRAY_KINDS = "biufcmMSU"
LONGEST_DTYPE_NAME = 16


def clean(text: str) -> str:
    """Replace lone surrogates, which no output format can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")
