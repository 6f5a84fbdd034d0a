"""Units of signals whose channels have different ones, in predictions and excerpts."""

from dataclasses import replace

import numpy as np
from fixtures.tiny import tiny_reconstruction

from headroom.core.examples import Target
from headroom.core.units import each, joined
from headroom.prediction.answers import Answer
from headroom.prediction.rows import Rows
from headroom.scores.excerpt import excerpt
from headroom.simulators.jansen_rit import JansenRit


def test_a_list_is_taken_apart_where_it_fits():
    assert joined(("mV", "mV")) == "mV" and each("mV", 3) == ("mV", "mV", "mV")
    assert each(joined(("mV", "mV/s")), 2) == ("mV", "mV/s")
    assert each("mV, mV/s", 1) == ("mV, mV/s",), "of another length it is one text"


def test_states_of_a_column_have_units_of_their_own():
    states = JansenRit(trials=1, samples=3, burn_in=0.0).simulate(np.random.default_rng).states
    assert dict(zip(states.channels, each(states.unit, 6), strict=True)) == {
        **dict.fromkeys(("y0", "y1", "y2"), "mV"),
        **dict.fromkeys(("y3", "y4", "y5"), "mV/s"),
    }


def test_predictions_of_states_have_a_time_a_unit_each_and_no_horizon():
    data = tiny_reconstruction().test.take(np.arange(4))
    names, units = data.track.channels, ("mV", "mV", "mV/s")
    truth = data.targets()
    rows = Rows(Target("same_time", names, joined(units)), data.offsets, np.arange(9))
    table = rows.table(data, Answer(truth + 1), truth, np.full(4, -1)).to_pandas()
    assert list(table.columns) == ["trial", "time", "target", "prediction", "truth", "unit"]
    assert dict(zip(table["target"], table["unit"], strict=True)) == dict(zip(names, units, strict=True))
    middle = (data.last + data.offsets[0]) * data.inputs.dt
    np.testing.assert_allclose(table["time"], np.repeat(middle, 3))
    np.testing.assert_allclose(table["prediction"] - table["truth"], 1)


def test_excerpts_of_states_have_them_too():
    data = tiny_reconstruction().test
    data = replace(data, track=replace(data.track, unit="mV, mV, mV/s"))
    shown = excerpt(data.targets(), data, data.offsets, task="reconstruct", model="truth", role="model", seed=0)
    target = shown[shown["part"] == "target"].drop_duplicates("channel")
    assert list(target["unit"]) == ["mV", "mV", "mV/s"]
    assert set(shown.loc[shown["part"] == "input", "unit"]) == {"mV"}
