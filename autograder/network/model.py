"""A network of layers with their gradients, read from what students have: dicts, or lists of arrays."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
KEY = re.compile(r"(?P<kind>[A-Za-z]+?)_?(?P<number>\d*)$")
CONVENTIONS = ("rows", "columns")
MATRIX_AXES = 2
# Weights, their gradient, and perhaps a bias with its own.
LENGTHS_OF_A_LAYER = (2, 4)


@dataclass(frozen=True)
class Layer:
    """The wires between two columns of units.

    name, bias_name: of the weights and of the bias, "" where there is none.
    shape, bias_shape: as they were given. weights, gradient: from unit i to unit j, at [i, j].
    bias_gradient: a number for each unit at the end of the wires, or None.
    """

    name: str
    shape: tuple[int, ...]
    gradient: FloatArray
    bias_name: str = ""
    bias_shape: tuple[int, ...] = ()
    bias_gradient: FloatArray | None = None


@dataclass(frozen=True)
class Units:
    """One column of units.

    shape: of the values or gradients that were given for them, () where none were.
    blame: the gradient of each unit, or None. what: what that gradient is called.
    silent: True for a unit that passes no gradient: its gate is shut for every example.
    averaged: True where `blame` is a mean size over the examples of a batch, and has no sign.
    """

    name: str
    count: int
    shape: tuple[int, ...]
    blame: FloatArray | None
    what: str
    silent: NDArray[np.bool_]
    averaged: bool = False


@dataclass(frozen=True)
class Network:
    """Layers and the units between them, from the input to the output."""

    layers: tuple[Layer, ...]
    units: tuple[Units, ...]
    convention: str

    @property
    def largest(self) -> float:
        """The largest size of any gradient in it."""
        found = [np.abs(layer.gradient) for layer in self.layers]
        found += [np.abs(layer.bias_gradient) for layer in self.layers if layer.bias_gradient is not None]
        found += [np.abs(units.blame) for units in self.units if units.blame is not None]
        return max((float(np.max(one[np.isfinite(one)], initial=0.0)) for one in found), default=0.0)

    def label(self, layer: int, start: int, end: int) -> str:
        """Name one wire's gradient as it is indexed in code."""
        one = self.layers[layer]
        if len(one.shape) < MATRIX_AXES:
            return f"d{one.name}"
        row, column = (start, end) if self.convention == "rows" else (end, start)
        return f"d{one.name}[{row}, {column}]"


def as_array(value: Any, what: str) -> FloatArray:
    """Return real numbers in double precision. Raises ValueError where it is anything else."""
    found = np.asarray(value)
    if found.dtype.kind not in "biuf":
        msg = f"{what} must be real numbers; this is {found.dtype if found.dtype != object else type(value).__name__}"
        raise ValueError(msg)
    return found.astype(np.float64)


def _wires(value: Any, what: str, convention: str) -> FloatArray:
    """Return weights or their gradient as (in, out)."""
    found = as_array(value, what)
    if found.ndim > MATRIX_AXES:
        msg = f"{what} must be a number or a matrix; its shape is {found.shape}"
        raise ValueError(msg)
    matrix = found.reshape(1, 1) if found.ndim == 0 else np.atleast_2d(found)
    if not matrix.size:
        msg = f"{what} has no entries; its shape is {found.shape}"
        raise ValueError(msg)
    return matrix if convention == "rows" else matrix.T


def layer_of(
    name: str, weights: Any, gradient: Any, bias: Any = None, bias_gradient: Any = None, *, bias_name: str = "",
    convention: str = "rows",
) -> Layer:  # fmt: skip
    """Return a layer. Raises ValueError where a gradient does not have its parameter's shape."""
    for what, value, grad in ((name, weights, gradient), (bias_name or f"{name}'s bias", bias, bias_gradient)):
        if grad is not None and value is not None and np.shape(value) != np.shape(grad):
            msg = f"{what} has shape {np.shape(value)}, but its gradient has shape {np.shape(grad)}"
            raise ValueError(msg)
    wires = _wires(gradient, f"the gradient of {name}", convention)
    biased = None
    if bias_gradient is not None:
        biased = as_array(bias_gradient, f"the gradient of {bias_name}").reshape(-1)
        if biased.size != wires.shape[1]:
            msg = f"{name} leads to {wires.shape[1]} units, but the gradient of its bias has {biased.size} entries"
            raise ValueError(msg)
    shape = np.shape(gradient if weights is None else weights)
    return Layer(name, shape, wires, bias_name if biased is not None else "", np.shape(bias_gradient), biased)


def _gradient_of(grads: Mapping[str, Any], key: str) -> Any:
    """Return the gradient of a parameter: by its own name, or by the name with a d before it."""
    return next((grads[name] for name in (key, f"d{key}", f"d_{key}") if name in grads), None)


def layers_from_dicts(params: Mapping[str, Any], grads: Mapping[str, Any], convention: str) -> tuple[Layer, ...]:
    """Return the layers of parameters named as in W1, b1, W2, b2. Raises ValueError where there are none."""
    numbered: dict[int, dict[str, str]] = {}
    for key in params:
        found = KEY.fullmatch(str(key))
        if found and found["kind"].lower() in ("w", "b"):
            numbered.setdefault(int(found["number"] or 0), {})[found["kind"].lower()] = key
    layers = []
    for _, keys in sorted(numbered.items()):
        if "w" not in keys:
            continue
        weights, bias = keys["w"], keys.get("b", "")
        gradient = _gradient_of(grads, weights)
        if gradient is None:
            msg = f"there is no gradient of {weights}; expected the key {weights!r} or 'd{weights}' in grads"
            raise ValueError(msg)
        layers.append(
            layer_of(
                weights, params[weights], gradient, params[bias] if bias else None,
                _gradient_of(grads, bias) if bias else None, bias_name=bias, convention=convention,
            )
        )  # fmt: skip
    if not layers:
        msg = (
            f"expected parameters named W1, b1, W2, …; got {', '.join(map(str, params)) or 'none'}. "
            f"For other names, give a list of (weights, gradient) pairs, from the first layer to the last."
        )
        raise ValueError(msg)
    return tuple(layers)


def layers_from_list(given: Sequence[Any], convention: str) -> tuple[Layer, ...]:
    """Return the layers of a list of (W, dW) or (W, dW, b, db). Raises ValueError for anything else."""
    layers = []
    for place, one in enumerate(given, start=1):
        if not isinstance(one, (tuple, list)) or len(one) not in LENGTHS_OF_A_LAYER:
            msg = f"layer {place}: expected (weights, gradient) or (weights, gradient, bias, its gradient)"
            raise ValueError(msg)
        number = str(place) if len(given) > 1 else ""
        letter = "W" if np.ndim(one[1]) else "w"
        layers.append(layer_of(f"{letter}{number}", *one, bias_name=f"b{number}", convention=convention))
    if not layers:
        msg = "there is no layer to draw"
        raise ValueError(msg)
    return tuple(layers)


def _check_chain(layers: Sequence[Layer], convention: str) -> None:
    for first, second in pairwise(layers):
        if first.gradient.shape[1] == second.gradient.shape[0]:
            continue
        other = CONVENTIONS[1 - CONVENTIONS.index(convention)]
        fits = all(one.gradient.shape[0] == two.gradient.shape[1] for one, two in pairwise(layers))
        hint = f" With convention={other!r} they would fit." if fits else ""
        msg = (
            f"{first.name} {first.shape} leads to {first.gradient.shape[1]} units, but {second.name} {second.shape} "
            f"starts from {second.gradient.shape[0]}.{hint}"
        )
        raise ValueError(msg)


def _of_units(value: Any, count: int, what: str, convention: str) -> FloatArray | None:
    """Return what was given for a column of units as (examples, units)."""
    if value is None:
        return None
    found = as_array(value, what)
    if found.size == 1 and count == 1:
        return found.reshape(1, 1)
    matrix = found.reshape(1, -1) if found.ndim == 1 else found if convention == "rows" else found.T
    if matrix.ndim != MATRIX_AXES or matrix.shape[1] != count:
        msg = f"{what} has shape {found.shape}, but there are {count} units"
        raise ValueError(msg)
    return matrix


def _silent(layers: Sequence[Layer], place: int, values: FloatArray | None) -> NDArray[np.bool_]:
    """Tell which units of a hidden column pass nothing: those of value 0 throughout, as far as that is known."""
    before, after = layers[place - 1].gradient, layers[place].gradient
    stopped = ~before.any(axis=0) & ~after.any(axis=1)
    return np.asarray(stopped if values is None else ~values.any(axis=0))


def network_of(
    layers: tuple[Layer, ...], convention: str, activations: Sequence[Any], blames: Sequence[Any], names: Sequence[str]
) -> Network:
    """Return the network of some layers, with what is known of its units. Raises ValueError where they do not fit."""
    _check_chain(layers, convention)
    counts = [layers[0].gradient.shape[0], *(layer.gradient.shape[1] for layer in layers)]
    for what, given in (("activations", activations), ("unit_grads", blames), ("names", names)):
        if given and len(given) != len(counts):
            msg = f"{what} needs an entry for each column of units, the inputs first: {len(counts)}, got {len(given)}"
            raise ValueError(msg)
    columns = []
    for place, count in enumerate(counts):
        name = names[place] if names else _default_name(place, len(counts))
        value = activations[place] if activations else None
        blame = blames[place] if blames else None
        values = _of_units(value, count, f"the activations of {name}", convention)
        shape = () if value is None else np.shape(value)
        hidden = 0 < place < len(counts) - 1
        silent = _silent(layers, place, values) if hidden else np.zeros(count, dtype=np.bool_)
        columns.append(
            _column(name, count, shape, _of_units(blame, count, f"the gradient of {name}", convention), silent)
            if blame is not None or place == 0 or layers[place - 1].bias_gradient is None
            else Units(name, count, shape, layers[place - 1].bias_gradient, f"d{layers[place - 1].bias_name}", silent)
        )
    return Network(layers, tuple(columns), convention)


def _column(
    name: str, count: int, shape: tuple[int, ...], blame: FloatArray | None, silent: NDArray[np.bool_]
) -> Units:
    if blame is None:
        return Units(name, count, shape, None, "", silent)
    averaged = len(blame) > 1
    shown = np.mean(np.abs(blame), axis=0) if averaged else blame[0]
    return Units(name, count, shape, shown, f"mean |d{name}|" if averaged else f"d{name}", silent, averaged)


def _default_name(place: int, columns: int) -> str:
    if place == 0:
        return "x"
    if place == columns - 1:
        return "y"
    return "h" if columns == 3 else f"h{place}"  # noqa: PLR2004 - one hidden column needs no number
