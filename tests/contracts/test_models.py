"""What every model of the family must do, whatever it is; a new file in models/ is picked up by itself."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fixtures.answering import answering
from fixtures.tiny import tiny_dataset, tiny_decoding, tiny_inference, tiny_reconstruction, tiny_signal, with_values
from safetensors.numpy import load, save

from headroom import catalog
from headroom.core.dataset import Dataset
from headroom.core.protocols import Fitted, Model, Workspace
from headroom.networks.training import Training

KINDS = catalog.kinds("models")
SHAPES = {"ahead": (2, 2), "category": (1, 3), "same_time": (1, 3), "window": (1, 2)}
"""Offsets and targets of the tiny data of each kind."""
MAKE = {"ahead": tiny_dataset, "category": tiny_decoding, "same_time": tiny_reconstruction, "window": tiny_inference}
NEAR = {"ahead": 1.5, "category": 0.5, "same_time": 3.0, "window": 3.0}
CASES = [(kind, asked) for kind in KINDS for asked in MAKE if kind in answering(asked)]
each_case = pytest.mark.parametrize(("kind", "asked"), CASES, ids=[f"{kind}-{asked}" for kind, asked in CASES])
WORKSPACE = Workspace(seed=3)


def quick(kind: str) -> Model:
    """The model with its defaults, networks with a few steps."""
    component = catalog.component("models", kind)
    if kind == "neural_posterior":
        pytest.importorskip("sbi")
    for field in dataclasses.fields(component):
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            pytest.skip(f"{kind} has no default for {field.name}")
    has_training = any(field.name == "training" for field in dataclasses.fields(component))
    return component(training=Training(steps=25, validate_every=10)) if has_training else component()


def fitted(kind: str, dataset: Dataset) -> Fitted:
    return quick(kind).fit(dataset.train, dataset.valid, dataset.target, WORKSPACE)[0]


@pytest.fixture(scope="module")
def datasets() -> dict[str, Dataset]:
    return {asked: make() for asked, make in MAKE.items()}


@pytest.fixture
def dataset(asked, datasets) -> Dataset:
    return datasets[asked]


@pytest.mark.parametrize("kind", KINDS)
def test_declares_what_it_is(kind):
    component = catalog.component("models", kind)
    assert component.role in ("trivial", "linear", "baseline", "model")
    assert isinstance(component.seeded, bool)
    assert component.__doc__


@each_case
def test_predicts_every_offset_and_target_in_physical_units(kind, asked, dataset):
    point = fitted(kind, dataset).predict(dataset.test).point
    assert point.shape == (len(dataset.test), *SHAPES[asked])
    assert point.dtype == np.float64
    assert np.isfinite(point).all()
    truth = dataset.test.targets()
    assert np.abs(point.mean(axis=(0, 1)) - truth.mean(axis=(0, 1))).max() < NEAR[asked]  # the channels lie at 40 and -7


@pytest.mark.parametrize(("kind", "asked"), [case for case in CASES if case[1] == "category"])
def test_answers_a_category_by_probabilities(kind, dataset):
    point = fitted(kind, dataset).predict(dataset.test).point
    assert (point >= 0).all()
    np.testing.assert_allclose(point.sum(axis=-1), 1.0)


@each_case
def test_follows_a_change_of_units(kind, asked, dataset):
    shift, factor = np.array([-3.0, 250.0]), np.array([8.0, 0.01])
    signal = tiny_signal(24, 100) if asked == "window" else tiny_signal()
    moved = MAKE[asked](dataclasses.replace(signal, values=signal.values * factor + shift))
    here = fitted(kind, dataset).predict(dataset.test).point
    there = fitted(kind, moved).predict(moved.test).point
    there = (there - shift) / factor if asked == "ahead" else there
    np.testing.assert_allclose(there, here, atol=2e-3)


@each_case
def test_restores_bit_for_bit(kind, asked, dataset):
    before = fitted(kind, dataset)
    after = quick(kind).restore(load(save({name: np.ascontiguousarray(array) for name, array in before.state().items()})))
    assert before.predict(dataset.test).point.tobytes() == after.predict(dataset.test).point.tobytes()


@each_case
def test_never_touches_test(kind, asked, dataset):
    values = dataset.test.inputs.values.copy()
    values[dataset.test.trial if asked == "window" else slice(None), dataset.test.start.min() :] = np.nan
    blind, whole = fitted(kind, with_values(dataset, values)).state(), fitted(kind, dataset).state()
    assert {name: array.tobytes() for name, array in blind.items()} == {name: array.tobytes() for name, array in whole.items()}


@each_case
def test_same_seed_same_bits(kind, asked, dataset):
    first, second = fitted(kind, dataset).state(), fitted(kind, dataset).state()
    assert {name: array.tobytes() for name, array in first.items()} == {name: array.tobytes() for name, array in second.items()}


@each_case
def test_seeded_means_that_the_seed_matters(kind, asked, dataset):
    model = quick(kind)
    here, there = (
        model.fit(dataset.train, dataset.valid, dataset.target, Workspace(seed))[0].predict(dataset.test).point for seed in (1, 2)
    )
    assert model.seeded == (not np.array_equal(here, there))


@each_case
def test_fits_without_validation(kind, asked):
    dataset = MAKE[asked](valid=False)
    assert len(dataset.valid) == 0
    assert np.isfinite(fitted(kind, dataset).predict(dataset.test).point).all()


@each_case
def test_history_rows_are_numbers_under_the_same_names(kind, asked, dataset):
    history = quick(kind).fit(dataset.train, dataset.valid, dataset.target, WORKSPACE)[1]
    assert all(row.keys() == history[0].keys() for row in history)
    assert all(isinstance(value, int | float) for row in history for value in row.values())


@each_case
def test_answers_no_examples_with_no_predictions(kind, asked, dataset):
    nobody = dataset.test.take(np.zeros(len(dataset.test), bool))
    assert fitted(kind, dataset).predict(nobody).point.shape == (0, *SHAPES[asked])


@each_case
def test_sensitivity_is_the_slope_of_its_predictions(kind, asked, dataset):
    model = fitted(kind, dataset)
    if not hasattr(model, "sensitivity"):
        pytest.skip(f"{kind} does not explain itself")
    examples = dataset.test.take(np.arange(0, len(dataset.test), 30))
    slopes = model.sensitivity(examples)
    assert slopes.shape == (SHAPES[asked][1], examples.length, 2)
    step, lag, channel = 1e-2, examples.length - 2, 1
    numeric = []
    for example in range(len(examples)):
        moved = []
        for sign in (-1, 1):
            values = examples.inputs.values.copy()
            values[examples.trial[example], examples.start[example] + lag, channel] += sign * step
            moved.append(model.predict(with_values(dataset, values).test.take(np.arange(0, len(dataset.test), 30))).point[example, 0])
        numeric.append(np.abs(moved[1] - moved[0]) / (2 * step))
    np.testing.assert_allclose(slopes[:, lag, channel], np.mean(numeric, axis=0), rtol=0.02, atol=1e-4)


def test_finding_the_models_imports_no_heavy_package():
    code = (
        "import sys; from headroom import catalog; [catalog.component('models', kind) for kind in catalog.kinds('models')];"
        "print([name for name in ('torch', 'pandas', 'scipy', 'sklearn', 'matplotlib', 'numba') if name in sys.modules])"
    )
    workflow = Path(catalog.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(workflow)}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
