"""The colours of what students see hold on light and dark pages, and for people who see fewer of them."""

import itertools

import numpy as np
import pytest

from autograder.drawing import palette
from autograder.drawing.palette import Colour

# JupyterLab's and VS Code's pages and texts, light and dark.
PAGES = {"light": ((255, 255, 255), (33, 33, 33)), "lab dark": ((17, 17, 17), (224, 224, 224))}
PAGES["code dark"] = ((30, 30, 30), (212, 212, 212))
# G. Machado, M. Oliveira and L. Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (2009), severity 1.0.
SEEN_WITH = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
    "full sight": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def linear(colour: Colour) -> np.ndarray:
    """Return linear light from sRGB."""
    parts = np.array(colour) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    first, second = (float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def over(colour: Colour, alpha: float, page: Colour) -> Colour:
    """Return what a tint over a page looks like."""
    mixed = [round(alpha * a + (1 - alpha) * b) for a, b in zip(colour, page, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def distance(one: Colour, other: Colour, sight: str) -> float:
    """Return how far two colours are apart in CIELAB, as somebody sees them."""

    def lab(colour: Colour) -> np.ndarray:
        seen = np.clip(np.array(SEEN_WITH[sight]) @ linear(colour), 0, 1)
        ratio = TO_XYZ @ seen / WHITE
        f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
        return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])

    return float(np.linalg.norm(lab(one) - lab(other)))


@pytest.mark.parametrize("page", PAGES)
def test_text_on_every_tint_is_readable(page: str) -> None:
    """A number in a cell has the contrast of 4.5 to 1 that WCAG asks of text, on the strongest tint as on none."""
    ground, ink = PAGES[page]
    for colour in (palette.POSITIVE, palette.NEGATIVE):
        for strength in (0.0, 0.01, 0.25, 0.5, 0.75, 1.0):
            assert contrast(ink, over(colour, palette.alpha_of(strength), ground)) >= 4.5
    assert contrast(ink, over(palette.NOTHING, palette.NEUTRAL_TINT, ground)) >= 4.5


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["POSITIVE", "NEGATIVE", "RIGHT", "WRONG", "NOTHING"])
def test_lines_and_marks_stand_out_from_the_page(page: str, name: str) -> None:
    """Marks and full lines have the contrast of 3 to 1 that WCAG asks of graphics."""
    assert contrast(getattr(palette, name), PAGES[page][0]) >= 3


@pytest.mark.parametrize("sight", SEEN_WITH)
def test_above_and_below_0_differ_for_everybody(sight: str) -> None:
    """Positive, negative and nothing are far apart with each kind of colour vision, on each page."""
    for ground, _ in PAGES.values():
        full = palette.alpha_of(1.0)
        seen = [over(palette.POSITIVE, full, ground), over(palette.NEGATIVE, full, ground), ground]
        assert all(distance(one, other, sight) > 20 for one, other in itertools.combinations(seen, 2))
    assert distance(palette.POSITIVE, palette.NEGATIVE, sight) > 20


def test_the_measure_finds_colours_that_are_alike() -> None:
    """The usual red and green are told apart with full sight, and not with deuteranopia."""
    red, green = (180, 60, 40), (118, 105, 30)
    assert distance(red, green, "full sight") > 20
    assert distance(red, green, "deuteranopia") < 20


def test_a_tint_grows_with_the_size_and_turns_with_the_sign() -> None:
    """No tint at 0; above and below 0 differ; the largest is the strongest, and NaN is not hidden."""
    assert palette.tint(0.0, 1.0) == "transparent"
    assert palette.tint(0.5, 1.0) != palette.tint(-0.5, 1.0)
    assert palette.tint(1.0, 1.0) == palette.tint(float("nan"), 1.0) == palette.tint(float("inf"), 0.0)
    assert f"{palette.STRONGEST_TINT:.2f}" in palette.tint(2.0, 1.0)
