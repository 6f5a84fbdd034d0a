"""Every ceiling on every simulator that runs on its defaults: an expectation, or one line that says why not."""

from dataclasses import MISSING, fields, replace

import numpy as np
import pytest

from headroom.catalog import component, kinds
from headroom.core.errors import HeadroomError
from headroom.core.protocols import Ceiling
from headroom.core.randomness import stream, streams
from headroom.observations.white import White
from headroom.splits.by_block import ByBlock
from headroom.splits.by_trial import ByTrial
from headroom.tasks.decoding import Decoding
from headroom.tasks.forecasting import Forecasting
from headroom.tasks.inference import Inference
from headroom.tasks.reconstruction import Reconstruction

SMALL = {"trials": 2, "samples": 300, "futures": 4, "particles": 32, "most_particles": 32, "far_particles": 16}
SMALL |= {"frames": 1000, "most_frames": 2000, "held": 500, "piece": 500, "passes": 1}
SMALL |= {"duration": 0.5, "start": 0.2, "neurons": 60, "per_trial": 10, "lag": 5}
NOISE = White(level=0.3)
RECORDINGS = 20
TASKS = {
    "ahead": Forecasting(window=10, offsets=(1, 6)),
    "window": Inference(),
    "same_time": Reconstruction(window=5, margin=5, stride=1),
    "category": Decoding(window=10),
}


def scaled_down(family):
    for kind in kinds(family):
        cls = component(family, kind)
        if all(part.default is not MISSING or part.default_factory is not MISSING for part in fields(cls)):
            made = replace(cls(), **{key: value for key, value in SMALL.items() if key in cls.__dataclass_fields__})
            yield pytest.param(made.through([NOISE]) if hasattr(made, "through") else made, id=kind)


@pytest.fixture(params=scaled_down("ceilings"))
def ceiling(request):
    return request.param


@pytest.fixture(params=scaled_down("simulators"))
def simulator(request):
    return request.param


def condition(simulator, ceiling):
    task = TASKS[getattr(ceiling, "answers", ("ahead",))[0]]
    whole = task.kind_of_target == "window"  # an example is a trial, of which two are too few
    simulator, split = (replace(simulator, trials=RECORDINGS), ByTrial()) if whole else (simulator, ByBlock())
    recording = simulator.simulate(streams(0, "simulate"))
    observed = NOISE.apply(recording.states, streams(0, "noise"))
    return recording, split.apply(task.examples(recording, observed), task.target(recording, observed), recording)


def prepared(simulator, ceiling):
    """The condition; a system that the ceiling's task does not fit, such as one without labels, is left out."""
    try:
        return condition(simulator, ceiling)
    except HeadroomError as error:
        assert "\n" not in str(error)
        pytest.skip(str(error))


def expectation(ceiling, simulator, recording, dataset):
    try:
        return ceiling.expect(simulator, recording, dataset, stream(0, "ceiling"))
    except HeadroomError as error:
        assert type(ceiling).__name__ in str(error).split(":")[0].title().replace("_", "") and "\n" not in str(error)
        pytest.skip(str(error))


def test_it_declares_what_it_sees_and_gives(ceiling):
    assert isinstance(ceiling, Ceiling)
    assert ceiling.sees in ("observation", "exact_state") and ceiling.gives in ("bound", "reference")


def test_it_applies_to_some_system(ceiling):
    def applies(simulator):
        try:
            return ceiling.expect(simulator, *condition(simulator, ceiling), stream(0, "ceiling")) is not None
        except HeadroomError:
            return False

    assert any(applies(parameter.values[0]) for parameter in scaled_down("simulators"))


def test_one_value_for_every_test_target(ceiling, simulator):
    recording, dataset = prepared(simulator, ceiling)
    said = expectation(ceiling, simulator, recording, dataset)
    assert (said.point is None) != (said.variance is None)
    values = said.variance if said.point is None else said.point
    assert values.shape == dataset.test.targets().shape and np.isfinite(values).all()
    assert said.variance is None or (said.variance > 0).all()
    assert said.note and "\n" not in said.note


def test_the_same_generator_gives_the_same_expectation(ceiling, simulator):
    recording, dataset = prepared(simulator, ceiling)
    once, again = (expectation(ceiling, simulator, recording, dataset) for _ in range(2))
    for name in ("point", "variance"):
        np.testing.assert_array_equal(getattr(once, name), getattr(again, name))


def test_an_oracle_of_observations_does_not_look_ahead(ceiling, simulator):
    """What is observed after a window's last sample may not change its prediction."""
    if ceiling.sees != "observation":
        pytest.skip("sees the exact state")
    if "window" in getattr(ceiling, "answers", ()):
        pytest.skip("sees whole recordings")
    recording, dataset = prepared(simulator, ceiling)
    test, cut = dataset.test, 275
    later = test.inputs.values.copy()
    later[:, cut + 1 :] += 5
    other = replace(test.inputs, values=later)
    changed = replace(dataset, test=replace(test, inputs=other, track=other if test.track is test.inputs else test.track))
    before = expectation(ceiling, simulator, recording, dataset).point
    after = expectation(ceiling, simulator, recording, changed).point
    early = test.last <= cut
    assert early.any() and not early.all()
    np.testing.assert_array_equal(before[early], after[early])
