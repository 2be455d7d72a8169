"""Colours that hold on a light and on a dark page, and for people who see fewer of them.

A page's own colours are not known here, so that text and lines take the page's (`currentColor`), and
colour is laid over its background as a tint. Blue and vermilion are of M. Okabe and K. Ito's set,
"Color Universal Design" (2008), which the three common forms of colour blindness tell apart; both
stand out from white and from black. A sign or a verdict is never told by colour alone.
"""

Colour = tuple[int, int, int]

POSITIVE: Colour = (213, 94, 0)
NEGATIVE: Colour = (0, 114, 178)
RIGHT: Colour = (14, 138, 95)
WRONG: Colour = (213, 94, 0)
NOTHING: Colour = (128, 128, 128)

FAINTEST_TINT, STRONGEST_TINT = 0.10, 0.6
FAINTEST_LINE = 0.75
NEUTRAL_TINT = 0.13


def css(colour: Colour, alpha: float = 1.0) -> str:
    """Return a colour as CSS writes it."""
    if alpha >= 1:
        return "#" + "".join(f"{part:02x}" for part in colour)
    return f"rgba({colour[0]},{colour[1]},{colour[2]},{alpha:.2f})"


def strength_of(value: float, largest: float) -> float:
    """Return how large a value is beside the largest, from 0 to 1; 1 for what is no number."""
    if value != value or abs(value) == float("inf"):  # noqa: PLR0124 - NaN alone differs from itself
        return 1.0
    return min(1.0, abs(value) / largest) if largest > 0 else 0.0


def alpha_of(strength: float) -> float:
    """Return the opacity of a tint for a strength from 0 to 1."""
    return FAINTEST_TINT + (STRONGEST_TINT - FAINTEST_TINT) * strength if strength > 0 else 0.0


def tint(value: float, largest: float) -> str:
    """Return the background of a value: vermilion above 0, blue below, stronger the larger; none at 0."""
    alpha = alpha_of(strength_of(value, largest))
    return css(NEGATIVE if value < 0 else POSITIVE, alpha) if alpha else "transparent"
