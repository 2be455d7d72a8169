"""`blame` and `blame_steps`: a network with its gradient, and the same network over some steps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.drawing.markup import escaped, number, one_line
from autograder.drawing.palette import strength_of, tint
from autograder.drawing.showing import Shown
from autograder.drawing.style import OWN_KEYS, sheet
from autograder.network.geometry import geometry_of
from autograder.network.model import CONVENTIONS, Network, layers_from_dicts, layers_from_list, network_of
from autograder.network.rows import rows_of, text_of
from autograder.network.svg import svg_of

TITLE = "The network's blame"
MOST_STEPS = 40
SPARK = 12
BAR_PIXELS = 160


@dataclass(frozen=True, repr=False)
class Blame(Shown):
    """A network with its gradient flowing back; show it, or print it. `svg` is the picture for a file.

    title: of the picture. loss: the loss to tell beside it, or None.
    """

    network: Network
    title: str = TITLE
    loss: float | None = None

    @property
    def caption(self) -> str:
        """The title, with the loss where it is known."""
        return self.title if self.loss is None else f"{self.title}, loss {number(self.loss, 5)}"

    @property
    def svg(self) -> str:
        """The picture as SVG that stands alone: it loads and runs nothing, and follows light and dark."""
        return svg_of(self.network, geometry_of([self.network]), self.network.largest, self.caption, alone=True)

    def __str__(self) -> str:
        return "\n".join(map(one_line, [self.caption, *text_of(self.network, self.network.largest)]))

    def _repr_html_(self) -> str:
        largest = self.network.largest
        picture = svg_of(self.network, geometry_of([self.network]), largest, self.caption)
        return _framed(self.caption, f"<p><b>{escaped(self.caption)}</b></p>{picture}{_bars(self.network, largest)}")


@dataclass(frozen=True, repr=False)
class BlameSteps(Shown):
    """A network's gradient over some steps, with a slider; print it for a table of text."""

    frames: tuple[Blame, ...]
    title: str = TITLE

    @property
    def largest(self) -> float:
        """The largest size of any gradient in any step: the scale of all pictures."""
        return max(frame.network.largest for frame in self.frames)

    def __str__(self) -> str:
        lines = [self.title, "the largest entry of each gradient, the last layer's first:"]
        for frame in self.frames:
            lines.append(frame.caption)
            for name, size in _sizes(frame.network):
                bar = "|" * round(SPARK * strength_of(size, self.largest))
                lines.append(f"    {name:<8} {number(size):>9}  {bar}".rstrip())
        return "\n".join(map(one_line, lines))

    def _repr_html_(self) -> str:
        places = geometry_of([frame.network for frame in self.frames])
        inputs, pictures, rules = [], [], []
        for place, frame in enumerate(self.frames, start=1):
            label = f"{frame.caption} ({place} of {len(self.frames)})"
            named = f'aria-label="{escaped(label)}" title="{escaped(label)}"'
            chosen = " checked" if place == 1 else ""
            inputs.append(f'<input type="radio" name="step" {OWN_KEYS} {named}{chosen}>')
            picture = svg_of(frame.network, places, self.largest, frame.caption)
            pictures.append(f'<div class="frame"><p>{escaped(label)}</p>{picture}</div>')
            rules.append(f".agr input:nth-of-type({place}):checked~.frame:nth-of-type({place})")
        # A form of its own keeps the buttons of two sliders on one page apart, and needs no names or scripts.
        slider = (
            f"<style>{','.join(rules)}{{display:block}}</style><p><b>{escaped(self.title)}</b></p>"
            f'<form class="steps">'
            f"{''.join(inputs)}{''.join(pictures)}</form>"
            f"<p>Choose a step above, or press ← and → there.</p>{_table(self.frames, self.largest)}"
        )
        return _framed(self.title, slider)


def _framed(label: str, content: str) -> str:
    return f'<div class="agr" role="group" aria-label="{escaped(label)}">{sheet(network=True)}{content}</div>'


def _bar(size: float, value: float, largest: float) -> str:
    width = BAR_PIXELS * strength_of(size, largest)
    return f'<span class="bar" style="width:{width:.0f}px;background:{tint(-1.0 if value < 0 else 1.0, 1.0)}"></span>'


def _bars(network: Network, largest: float) -> str:
    """Return the same as a table of numbers with bars, which says all that the picture does."""
    rows = "".join(
        f'<tr><th class="l" scope="row">{escaped(row.what)}</th><td class="l">{escaped(row.label)}</td>'
        f'<td class="n">{number(row.value)}</td><td class="l">{_bar(row.size, row.value, largest)}</td>'
        f'<td class="l">{escaped(row.note)}</td></tr>'
        for row in rows_of(network)
    )
    head = (
        "<th class='l'>of</th><th class='l'>entry</th><th>gradient</th><th class='l'>size</th><th class='l'>note</th>"
    )
    return (
        f"<details><summary {OWN_KEYS}>The same as numbers and bars, from the output back</summary>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _sizes(network: Network) -> list[tuple[str, float]]:
    """Return the largest size of each layer's gradient, the last layer's first."""
    return [(f"d{layer.name}", float(abs(layer.gradient).max())) for layer in reversed(network.layers)]


def _table(frames: Sequence[Blame], largest: float) -> str:
    names = [name for name, _ in _sizes(frames[0].network)]
    head = "".join(f"<th class='l' scope='col'>largest {escaped(name)}</th>" for name in names)
    rows = "".join(
        f"<tr><th class='l' scope='row'>{escaped(frame.caption)}</th>"
        + "".join(
            f"<td class='l n'>{number(size)} {_bar(size, size, largest)}</td>" for _, size in _sizes(frame.network)
        )
        + "</tr>"
        for frame in frames
    )
    return (
        f"<details><summary {OWN_KEYS}>All steps as numbers and bars</summary>"
        f"<table><thead><tr><th class='l'>step</th>{head}</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def blame(
    params: Mapping[str, Any] | Sequence[Any], grads: Mapping[str, Any] | None = None, *,
    activations: Sequence[Any] = (), unit_grads: Sequence[Any] = (), names: Sequence[str] = (),
    convention: str = "rows", title: str = TITLE, loss: float | None = None,
) -> Blame:  # fmt: skip
    """Draw a network with the gradient of its loss flowing back through it.

    params, grads: dicts of arrays named W1, b1, W2, b2 and so on, as in the problem sets (a gradient may
        also be named dW1); the biases may be missing. Or, for params alone, a list of layers from first to
        last, each (W, dW) or (W, dW, b, db); numbers stand for layers of one wire.
    activations: the values of the units, one array for each column, the inputs first: (units,), or a batch.
        With them, a hidden unit that is 0 for every example is drawn as dead; without them, one whose
        wires have no gradient at all.
    unit_grads: the gradients of the units, likewise, None where one is not known; else a bias's
        gradient stands for that of its unit. Of a batch, mean sizes are shown.
    names: of the columns; "x", "h" and "y" unless given.
    convention: "rows" for `x @ W`, W (in, out); "columns" for `W @ x`, W (out, in).
    Returns a Blame: as the last line of a cell it shows itself; print it for text, `.svg` is a file's content.
    Raises ValueError where shapes do not fit each other.
    """
    if convention not in CONVENTIONS:
        msg = f"convention must be 'rows' or 'columns', not {convention!r}"
        raise ValueError(msg)
    if isinstance(params, Mapping):
        if grads is None:
            msg = "a dict of parameters needs a dict of their gradients beside it"
            raise ValueError(msg)
        layers = layers_from_dicts(params, grads, convention)
    else:
        layers = layers_from_list(params, convention)
    network = network_of(layers, convention, activations, unit_grads, names)
    return Blame(network, title, None if loss is None else float(loss))


def blame_steps(frames: Iterable[Blame], *, title: str = TITLE) -> BlameSteps:
    """Put pictures of one network at some steps of training behind each other, with a slider.

    frames: what `blame` returned at each step, with a title such as "step 3" and the loss.
    Returns a BlameSteps, which shows itself as a Blame does. All pictures share one scale.
    Raises ValueError where there is none, or too many, or the networks differ in shape.
    """
    given = tuple(frames)
    if not 0 < len(given) <= MOST_STEPS:
        msg = f"expected 1 to {MOST_STEPS} steps, got {len(given)}; leave some out"
        raise ValueError(msg)
    if len({tuple(layer.shape for layer in frame.network.layers) for frame in given}) > 1:
        msg = "all steps must be of one network; the shapes of these differ"
        raise ValueError(msg)
    return BlameSteps(given, title)
