"""`blame`: the network with its gradient, as text, as SVG and as a slider."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from autograder import Blame, blame, blame_steps

X = np.array([1.0, 2.0])
PARAMS = {
    "W1": np.array([[0.5, -0.3], [0.8, 0.2]]),
    "b1": np.array([0.1, -1.0]),
    "W2": np.array([[1.0], [-1.5]]),
    "b2": np.array([0.05]),
}
HOSTILE = "</title><script>alert(1)</script>\x1b[2J\u202e'\""


def pictured(params: dict[str, Any], **words: Any) -> Blame:
    """Draw the 2-2-1 network on the example; its second hidden unit is dead."""
    z1 = X @ params["W1"] + params["b1"]
    a1 = np.maximum(z1, 0)
    y = a1 @ params["W2"] + params["b2"]
    dy = 2 * (y - 1)
    dz1 = (params["W2"] @ dy) * (z1 > 0)
    grads = {"W1": np.outer(X, dz1), "b1": dz1, "W2": np.outer(a1, dy), "b2": dy}
    return blame(params, grads, activations=[X, a1, y], loss=float(((y - 1) ** 2)[0]), **words)


def elements(svg: str) -> list[ET.Element]:
    """Parse a picture, which must be well-formed XML."""
    return list(ET.fromstring(svg).iter())


def kind(element: ET.Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def test_the_text_form_tells_everything_from_the_output_back() -> None:
    """Shapes in one line, every gradient with its name and a bar, the output first, the dead unit named."""
    lines = str(pictured(PARAMS)).splitlines()
    assert "x (2,) ──[W1 (2, 2)]── h (2,) ──[W2 (2, 1)]── y (1,)" in lines
    order = [next(place for place, line in enumerate(lines) if name in line) for name in ("y[0]", "dW2[0, 0]", "h[1]")]
    assert order == sorted(order)
    assert any("h[1]" in line and "dead" in line for line in lines)
    assert max(line.count("|") for line in lines) == 30


def wires(svg: str, *kinds: str) -> list[float]:
    """Return how thick the wires of some kinds are, one by one; by default of all that have a size."""
    found = []
    for group in elements(svg):
        if group.get("class") in (kinds or ("p", "q", "n")):
            for path in group:
                if path.get("class") == "w":
                    found += [float(path.get("stroke-width", 0))] * path.get("d", "").count("M")
    return found


def test_the_picture_has_its_text_and_nothing_live() -> None:
    """The SVG stands alone, has a title and a description, and holds no script, link, style of others, or event."""
    picture = pictured(PARAMS, title=HOSTILE)
    parsed = elements(picture.svg)
    assert {kind(one) for one in parsed} <= {
        "svg",
        "title",
        "desc",
        "style",
        "text",
        "tspan",
        "line",
        "path",
        "circle",
        "rect",
        "g",
    }
    assert parsed[0].get("role") == "img"
    description = next(one.text or "" for one in parsed if kind(one) == "desc")
    assert "the largest is dW2[0, 0], 5.5" in description
    assert "h[1]" in description
    names = {name for one in parsed for name in one.attrib}
    assert not {name for name in names if name.startswith("on") or "href" in name}
    for shown in (picture.svg, picture._repr_html_(), str(picture)):
        assert not {one for one in shown if one in "\x1b\u202e"}
        assert "url(" not in shown
    for shown in (picture.svg, picture._repr_html_()):
        assert "<script" not in shown


def test_sizes_and_signs_are_drawn_by_width_and_dashes() -> None:
    """The largest gradient is the thickest line; below 0 is dashed, exactly 0 is dotted, a dead unit is marked."""
    svg = pictured({**PARAMS, "b1": np.array([0.1, 0.5])}).svg
    assert wires(svg, "p")
    assert wires(svg, "q")
    assert ".q>.w{stroke-dasharray" in svg
    assert max(wires(svg)) > 8
    dead = [one for one in elements(pictured(PARAMS).svg) if kind(one) == "circle" and one.get("class") == "z"]
    assert len(dead) == 1


@pytest.mark.parametrize("convention", ["rows", "columns"])
def test_layers_of_a_students_own_are_drawn_in_both_conventions(convention: str) -> None:
    """A list of (weights, gradient) is a network; an entry keeps the name that it has in code."""
    turned = (lambda W: W.T) if convention == "columns" else (lambda W: W)
    first, second = np.zeros((2, 3)), np.zeros((3, 4))
    first[1, 2] = -7.0
    pairs = [(turned(np.ones((2, 3))), turned(first)), (turned(np.ones((3, 4))), turned(second))]
    entry = "dW1[2, 1]" if convention == "columns" else "dW1[1, 2]"
    assert re.search(re.escape(entry) + r"\s+\S7 ", str(blame(pairs, convention=convention)))


def test_a_chain_of_numbers_is_a_network() -> None:
    """Scalars stand for layers of one wire; the units' gradients can be given."""
    chain = blame([(2.0, 12.0), (3.0, 8.0), (4.0, 6.0)], unit_grads=[24.0, 12.0, 4.0, 1.0], names=["x", "a", "b", "y"])
    assert "x ──[w1]── a ──[w2]── b ──[w3]── y" in str(chain)
    assert len([one for one in elements(chain.svg) if kind(one) == "circle"]) == 4


def test_a_batch_is_shown_by_mean_sizes() -> None:
    """Of many examples, a unit's gradient is the mean size, and is called so."""
    picture = blame([(np.ones((1, 1)), np.ones((1, 1)))], unit_grads=[None, np.array([[1.0], [-3.0]])])
    assert "mean |dy|" in str(picture)
    assert re.search(r"y\s+2 ", str(picture))


def test_a_large_network_is_summed_up() -> None:
    """Of many units the strongest are drawn and the others counted; the numbers are those of whole arrays."""
    gradient = np.outer(np.ones(2), np.arange(30.0))
    picture = blame({"W1": gradient, "W2": np.ones((30, 3))}, {"dW1": gradient, "dW2": np.ones((30, 3))})
    assert "18 weaker not shown" in picture.svg
    assert len([one for one in elements(picture.svg) if kind(one) == "circle"]) == 2 + 12 + 3
    assert "root mean square" in str(picture)
    assert len(str(picture).splitlines()) < 10


def test_of_many_wires_the_strongest_are_drawn() -> None:
    """Where units are joined by more wires than an eye can follow, the strongest stay, and the picture says so."""
    gradient = np.arange(1.0, 145.0).reshape(12, 12)
    svg = blame([(gradient, gradient)]).svg
    assert len(wires(svg)) == 48
    assert min(wires(svg)) > 1.2 + 7 * 96 / 144
    assert "the 48 strongest wires are drawn" in svg


def test_no_number_covers_another() -> None:
    """The numbers on the wires of a crowded picture stand apart from each other, whichever wires cross."""
    drawn = np.random.default_rng(3)
    first, second = drawn.normal(size=(4, 4)), drawn.normal(size=(4, 3))
    plates = [one for one in elements(blame([(first, first), (second, second)]).svg) if one.get("class") == "c"]
    places = [tuple(float(one.get(name, 0)) for name in ("x", "y", "width", "height")) for one in plates]
    assert len(places) == 16 + 12
    for number, (x, y, wide, high) in enumerate(places):
        for x1, y1, wide1, high1 in places[:number]:
            assert x + wide <= x1 or x1 + wide1 <= x or y + high <= y1 or y1 + high1 <= y


def test_what_is_no_number_looks_like_none() -> None:
    """NaN and infinity have a line and a word of their own, and are told first to whoever does not see them."""
    gradient = np.array([[np.nan, 1.0], [-np.inf, 0.0]])
    parsed = elements(blame([(np.ones((2, 2)), gradient)]).svg)
    assert len(wires(blame([(np.ones((2, 2)), gradient)]).svg, "n")) == 2
    assert "not a finite number" in [one.text for one in parsed]
    description = next(one.text or "" for one in parsed if kind(one) == "desc")
    assert "Not a finite number: dW[0, 0], dW[1, 0]." in description
    assert "the largest is dW[0, 1], 1." in description
    assert "not a finite number" not in pictured(PARAMS).svg


def test_a_wide_picture_is_scrolled_rather_than_too_small_to_read() -> None:
    """In a notebook, a deep network shrinks only so far; in a file of its own it is as it is."""
    deep = blame([(1.0, 1.0)] * 8)
    ((wide, least),) = re.findall(r'width="(\d+)"[^>]*style="min-width:(\d+)px"', deep._repr_html_())
    assert int(least) > 0.6 * int(wide)
    assert "min-width" not in deep.svg


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (({"W1": np.ones((2, 3))}, {}), "there is no gradient of W1"),
        (({"W1": np.ones((2, 3))}, {"W1": np.ones((3, 2))}), "W1 has shape (2, 3), but its gradient has shape (3, 2)"),
        (({"weights": np.ones((2, 3))}, {}), "expected parameters named W1, b1"),
        (({"W1": np.ones(1)},), "needs a dict of their gradients"),
        (([(np.ones((3, 2)), np.ones((3, 2))), (np.ones((4, 3)), np.ones((4, 3)))],), "With convention='columns'"),
        (([(np.ones((3, 2)), np.ones((3, 2))), (np.ones((4, 4)), np.ones((4, 4)))],), "leads to 2 units, but W2"),
        (([],), "no layer"),
        (([np.ones((2, 2))],), "expected (weights, gradient)"),
        (([(np.array(["a"]), np.array(["a"]))],), "must be real numbers"),
    ],
)
def test_what_does_not_fit_is_told(arguments: tuple[Any, ...], told: str) -> None:
    """Shapes and names that do not fit raise ValueError with what was got and what to do."""
    with pytest.raises(ValueError, match=re.escape(told)):
        blame(*arguments)


def test_steps_share_one_scale_and_one_slider() -> None:
    """A slider of one button a step, each with a label; all pictures on the scale of the largest gradient."""
    frames = [pictured({**PARAMS, "b2": np.array([float(step)])}, title=f"step {step}") for step in range(3)]
    steps = blame_steps(frames, title="training")
    html = steps._repr_html_()
    assert html.count('<input type="radio"') == html.count("<svg") == 3
    assert len(re.findall(r'aria-label="step \d, loss [\d.]+ \(\d of 3\)"', html)) == 3
    assert html.count(f"thickest: {steps.largest:.3g}") == 3
    assert str(steps).count("dW1") == 3


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (40, True), (41, False)])
def test_steps_are_bounded(count: int, fits: bool) -> None:
    """From 1 to 40 steps are shown; none, or more, are refused."""
    frames = [blame([(1.0, 1.0)])] * count
    if fits:
        assert len(blame_steps(frames).frames) == count
        return
    with pytest.raises(ValueError, match="1 to 40"):
        blame_steps(frames)


def test_steps_are_of_one_network() -> None:
    """Networks of other shapes cannot be steps of one."""
    with pytest.raises(ValueError, match="one network"):
        blame_steps([blame([(1.0, 1.0)]), blame([(np.ones((2, 2)), np.ones((2, 2)))])])


def test_a_slider_of_a_large_network_is_small_enough_to_keep() -> None:
    """Twenty steps of a network of 10, 32 and 5 units, with 96 wires in each, take less than 180 KB of a notebook."""
    drawn = np.random.default_rng(0)
    gradients = [(drawn.normal(size=(10, 32)), drawn.normal(size=(32, 5))) for _ in range(20)]
    steps = blame_steps([blame([(one, one) for one in both], title="step") for both in gradients])
    assert [len(wires(frame.svg)) for frame in steps.frames] == [96] * 20
    assert len(steps._repr_html_()) < 180_000


def test_what_rounding_leaves_of_a_zero_is_told_as_nearly_nothing() -> None:
    """A picture says ≈ 0 where a gradient is some 10⁻¹⁷ of the largest; its table and text have the number."""
    shown = blame([(np.ones((1, 2)), np.array([[3.0, -2.78e-17]]))], unit_grads=[np.array([1e-16]), np.ones(2)])
    texts = [one.text for one in elements(shown.svg) if kind(one) in {"text", "tspan"}]
    assert texts.count("≈ 0") == 2
    assert not [text for text in texts if text and "2.78e" in text]
    assert "2.78e" in str(shown)
    assert "2.78e" in shown._repr_html_()
