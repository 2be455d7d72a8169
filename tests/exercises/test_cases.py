"""The inputs on which answers are judged: each kind is there, from a seed, in the promised form."""

from typing import Any

import numpy as np
import pytest
from judging import EXERCISES, SETS, accepted_on_its_own

from autograder.exercises import Exercise, Style, seeded
from autograder.exercises.cases import Case, Layout, Recording, make_cases, plans

SEEDS = 6
SIZED = [
    (one, name)
    for one, name in EXERCISES
    if any(variable.dimensions for variable in SETS[one].exercises[name].variables.values())
]


def _cases(exercise: Exercise, seed: int) -> list[Case]:
    return make_cases(exercise, np.random.default_rng(seed))


def _arrays(value: Any) -> list[np.ndarray]:
    if isinstance(value, dict):
        return [array for part in value.values() for array in _arrays(part)]
    return [value] if isinstance(value, np.ndarray) else []


@pytest.mark.parametrize(("one", "name"), SIZED)
def test_every_planned_kind_of_size_is_there(one: str, name: str) -> None:
    """All different, all equal, all 1, each one 1 by itself, each one alone above 1, and larger ones."""
    exercise = SETS[one].exercises[name]
    sizes = [dict(plan.sizes) for plan in plans(exercise, np.random.default_rng(0))]
    dimensions = sizes[0].keys()
    differ = len(dimensions)
    assert dimensions == {size for variable in exercise.variables.values() for size in variable.dimensions}
    if len(dimensions) > 1:
        for size in dimensions:
            assert any(case[size] > 1 and sum(case.values()) == case[size] + differ - 1 for case in sizes)
            assert any(case[size] == 1 and list(case.values()).count(1) == 1 for case in sizes)
    assert any(len(set(case.values())) == differ and min(case.values()) > 1 for case in sizes)
    assert any(len(set(case.values())) == 1 and min(case.values()) > 1 for case in sizes)
    assert any(set(case.values()) == {1} for case in sizes)
    assert any(min(case.values()) >= 7 for case in sizes)


@pytest.mark.parametrize(("one", "name"), SIZED)
def test_every_planned_layout_and_style_is_there(one: str, name: str) -> None:
    """Read-only, Fortran-ordered, views; zeros and large values; arguments by name."""
    made = plans(SETS[one].exercises[name], np.random.default_rng(0))
    assert {plan.layout for plan in made} == set(Layout)
    assert {plan.style for plan in made} == set(Style)
    assert {plan.by_keyword for plan in made} == {True, False}


@pytest.mark.parametrize(("one", "name"), [pair for pair in EXERCISES if pair not in SIZED])
def test_exercises_on_plain_numbers_have_every_style(one: str, name: str) -> None:
    """Without sizes there are many usual cases, zeros and large values."""
    made = plans(SETS[one].exercises[name], np.random.default_rng(0))
    assert {plan.style for plan in made} == set(Style)
    assert len(made) >= 12


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_arguments_lie_in_memory_as_planned(one: str, name: str) -> None:
    """A read-only case is read-only, a view skips entries, and shapes are those of the plan."""
    exercise = SETS[one].exercises[name]
    for case in _cases(exercise, 0):
        positional, named = case.arguments(exercise)
        assert bool(named) is case.plan.by_keyword
        given = dict(zip(exercise.arguments, positional, strict=False)) | named
        for argument, value in given.items():
            shape = exercise.variables[argument].shape
            if shape:
                assert value.shape == tuple(case.plan.sizes[size] if isinstance(size, str) else size for size in shape)
            for array in _arrays(value):
                assert array.flags.writeable is (case.plan.layout is not Layout.READ_ONLY)
                assert array.dtype == np.float64
                if case.plan.layout is Layout.VIEW and min(array.shape) > 1:
                    assert not array.flags.c_contiguous
                if case.plan.layout is Layout.FORTRAN:
                    assert array.flags.f_contiguous


def _all_arrays(given: tuple[tuple[Any, ...], dict[str, Any]]) -> list[np.ndarray]:
    return [array for value in (*given[0], *given[1].values()) for array in _arrays(value)]


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_arguments_are_fresh_each_time(one: str, name: str) -> None:
    """What one call does to its arguments is not seen by the next."""
    exercise = SETS[one].exercises[name]
    for case in _cases(exercise, 0)[:3]:
        first, second = (case.arguments(exercise) for _ in range(2))
        for one_array, other in zip(_all_arrays(first), _all_arrays(second), strict=True):
            assert not np.shares_memory(one_array, other)


def _fingerprint(cases: list[Case]) -> list[Any]:
    def of(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: of(part) for key, part in value.items()}
        if isinstance(value, Recording):
            return value.weights.tobytes()
        return value.tobytes() if isinstance(value, np.ndarray) else value

    return [(case.plan, of(dict(case.values))) for case in cases]


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_a_seed_decides_the_cases(one: str, name: str) -> None:
    """The same seed makes the same cases, another one makes other values."""
    exercise = SETS[one].exercises[name]
    assert _fingerprint(_cases(exercise, 1)) == _fingerprint(_cases(exercise, 1))
    assert _fingerprint(_cases(exercise, 1)) != _fingerprint(_cases(exercise, 2))


def _seen(seed: bytes, one: str, name: str) -> list[Any]:
    """Return the first argument of every call that an assessment makes."""
    seen, function = [], SETS[one].exercises[name].reference

    def recording(*args: Any, **named: Any) -> Any:
        seen.append(np.copy((*args, *named.values())[0]).tobytes())
        return function(*args, **named)

    with seeded(seed):
        SETS[one].assess(name, {name: recording})
    return seen


def test_the_seed_of_a_block_decides_what_is_assessed() -> None:
    """Through the public door: `seeded` makes assessments repeatable, and different from each other."""
    for one, name in (("ps3_matrix", "grad_W"), ("ps1_chain_rule", "grad_pipeline"), ("ps5_two_layer", "grad_b2")):
        assert _seen(b"one", one, name) == _seen(b"one", one, name)
        assert _seen(b"one", one, name) != _seen(b"two", one, name)
    assert _seen(b"one", "ps5_two_layer", "grad_b1") != _seen(b"one", "ps5_two_layer", "grad_b2")


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_well_conditioned_inputs_are_always_found(one: str, name: str) -> None:
    """Conditioning never gives up, and expected values are finite."""
    exercise = SETS[one].exercises[name]
    for seed in range(1000, 1000 + SEEDS):
        for case in _cases(exercise, seed):
            assert all(np.all(np.isfinite(leaf.value)) for leaf in case.expected)


KINKS = [("ps1_chain_rule", "relu_grad", "z"), ("ps4_blame", "grad_z1", "z1"), ("ps5_two_layer", "grad_Z1", "Z1")]


@pytest.mark.parametrize(("one", "name", "variable"), KINKS)
@pytest.mark.parametrize("seed", range(5))
def test_values_on_the_kink_appear_in_every_draw(one: str, name: str, variable: str, seed: int) -> None:
    """0.0, -0.0 and 1e-9 are among the pre-activations of each assessment."""
    values = np.concatenate([np.ravel(case.values[variable]) for case in _cases(SETS[one].exercises[name], seed)])
    assert np.any((values == 0) & ~np.signbit(values))
    assert np.any((values == 0) & np.signbit(values))
    assert np.any((values > 0) & (values < 1e-8))


@pytest.mark.parametrize("seed", range(5))
def test_products_on_the_kink_appear_in_every_draw(seed: int) -> None:
    """The ReLU neuron's product is 0 with x not 0 on some case, and tiny but positive on some."""
    cases = _cases(SETS["ps1_chain_rule"].exercises["grad_relu_neuron"], seed)
    values = [(case.values["x"], case.values["x"] * case.values["w"]) for case in cases]
    assert any(product == 0 and x != 0 for x, product in values)
    assert any(0 < product < 1e-8 for _, product in values)


@pytest.mark.parametrize("seed", range(5))
def test_the_sigmoid_neuron_is_driven_to_overflow(seed: int) -> None:
    """Where exp overflows beyond 709, the promise of 1000 is tested on every draw, on both sides."""
    cases = _cases(SETS["ps1_chain_rule"].exercises["grad_sigmoid_neuron"], seed)
    products = [case.values["x"] * case.values["w"] for case in cases]
    assert max(products) > 709.8
    assert min(products) < -709.8
    assert max(map(abs, products)) <= 1000.0


@pytest.mark.parametrize("seed", range(5))
def test_scores_reach_both_limits_in_one_matrix(seed: int) -> None:
    """A softmax that shifts by one maximum for all rows fails on rows that are far apart."""
    cases = _cases(SETS["ps5_two_layer"].exercises["softmax"], seed)
    peaks = [case.values["Z"].max(axis=1) for case in cases]
    assert any(peak.max() - peak.min() > 1000 for peak in peaks)


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_the_reference_passes_its_own_examination(one: str, name: str) -> None:
    """On every seed; the rule never rejects what the reference gives."""
    for seed in range(SEEDS):
        assert accepted_on_its_own(one, name, SETS[one].exercises[name].reference, seed)


def test_a_small_network_has_an_active_and_a_silent_unit() -> None:
    """Where every unit is silent, W2 the wrong way round where no error tells of it would be right."""
    exercise = SETS["ps4_blame"].exercises["forward"]
    for seed in range(8):
        for case in make_cases(exercise, np.random.default_rng(seed)):
            z1 = case.values["x"] @ case.values["W1"] + case.values["b1"]
            if len(z1) > 1 and case.plan.style is not Style.ZEROS:
                assert np.any(z1 > 0), case.plan.label
                assert np.any(z1 <= 0), case.plan.label
