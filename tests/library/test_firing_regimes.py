"""Regimes of spiking networks: each number against a population whose answer is known, and the figure of small networks."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.figure_edges import is_cut

from headroom.analyses import _firing as firing
from headroom.analyses.firing_regimes import COLUMNS, FiringRegimes
from headroom.core.recording import Recording
from headroom.core.signal import Signal
from headroom.simulators.brunel_classic import BrunelClassic

STEP = 1e-4


def recorded(spikes, voltage=None):
    """A recording of spikes (trial, step, neuron), true where one is, and of voltages (trial, time, neuron)."""
    trial, step, neuron = np.nonzero(spikes)
    trials, steps, neurons = spikes.shape
    values = np.zeros((trials, max(2, steps // 10), neurons)) if voltage is None else voltage
    extras = {"rate": spikes.mean(axis=2) / STEP, "spike_trial": trial, "spike_neuron": neuron, "spike_step": step, "step": np.array(STEP)}
    states = Signal(values, 10 * STEP, tuple(f"neuron {number}" for number in range(neurons)), "mV")
    return Recording(states, np.empty((trials, 0)), extras=extras)


def poisson(rate, neurons, trials=1, seed=0):
    """Independent neurons that spike at rate (step,) [Hz]."""
    return np.random.default_rng(seed).random((trials, len(rate), neurons)) < (rate * STEP)[:, None]


def test_independent_poisson_neurons_have_a_flat_spectrum_of_one_and_a_cv_of_one():
    spikes = poisson(np.full(40_000, 50.0), 200)
    found = firing.measured(recorded(spikes), 200)
    frequencies, power = firing.spectrum(recorded(spikes), 200)
    assert found.rate == pytest.approx(50, rel=0.02)
    assert found.cv == pytest.approx(1, abs=0.03)
    assert power[frequencies > 5].mean() == pytest.approx(1, abs=0.03)
    assert found.height < 2


def test_a_common_rhythm_is_found_at_its_frequency_and_height():
    """Of a rate r (1 + m cos(w t)), the periodogram has r^2 m^2 T / 3 at w: a Hann window of length T has a noise bandwidth of 1.5 / T."""
    time = np.arange(20_000) * STEP
    rate, depth, neurons = 40.0, 0.5, 400
    found = firing.measured(recorded(poisson(rate * (1 + depth * np.cos(2 * np.pi * 85 * time)), neurons)), neurons)
    expected = rate**2 * depth**2 * firing.SEGMENT / 3 / (2 * rate / neurons)
    assert found.frequency == 85
    assert found.height == pytest.approx(expected, rel=0.1)


def test_clocks_have_no_irregularity():
    spikes = np.zeros((2, 2000, 10), bool)
    for neuron in range(10):
        spikes[:, neuron :: 20 + neuron, neuron] = True
    assert firing.irregularity(recorded(spikes)) < 1e-12
    intervals = list(firing.between_spikes(recorded(spikes)))
    assert len(intervals) == 20
    np.testing.assert_allclose(intervals[3], 23 * STEP)


def test_nobody_who_spikes_leaves_nothing_to_say():
    found = firing.measured(recorded(np.zeros((1, 3000, 5), bool)), 5)
    assert (found.rate, found.height, found.synchrony) == (0, 0, 0)
    assert found.regime == "quiet"


@pytest.mark.parametrize("shared, expected", [(1.0, 1.0), (0.0, 1 / 15), (0.5, np.sqrt(0.5 + 0.5 / 225))])
def test_synchrony_is_the_root_of_the_shared_variance(shared, expected):
    """A part `shared` of each variance is common to N = 225 neurons: chi^2 = shared + (1 - shared) / N."""
    rng = np.random.default_rng(3)
    common, own = rng.standard_normal((1, 20_000, 1)), rng.standard_normal((1, 20_000, 225))
    assert firing.synchrony(np.sqrt(shared) * common + np.sqrt(1 - shared) * own) == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(
    "cv, frequency, synchrony, regime",
    [
        (0.01, 300.0, 0.6, "SR"),
        (0.8, 175.0, 0.5, "SI fast"),
        (0.5, 22.0, 0.5, "SI slow"),
        (0.4, 120.0, 0.2, "AI"),
        (0.01, 300.0, 0.1, "AR"),
    ],
)
def test_the_numbers_name_the_regime(cv, frequency, synchrony, regime):
    assert firing.Firing(40.0, cv, frequency, 1000.0, synchrony).regime == regime


SMALL = BrunelClassic(neurons=1000, weight=1.25, observed=100, duration=0.5)


@pytest.fixture(scope="module")
def table():
    networks = {"clocks": replace(SMALL, inhibition=3.0), "noise": SMALL, "more": replace(SMALL, trials=2), "other": object()}
    return FiringRegimes().compute_systems(networks, np.random.default_rng(0))


def test_a_table_of_networks_and_their_numbers(table):
    assert list(table.columns) == COLUMNS
    first = table.groupby("system", sort=False).first()
    assert list(first.index) == ["clocks", "noise", "more"], "what is no such network is left out"
    assert first["regime"]["clocks"].endswith("R") and first["regime"]["noise"].endswith("I")
    assert first["cv"]["clocks"] < 0.2 < 1 < first["cv"]["noise"]
    assert first["rate"]["clocks"] > 250
    assert (table.groupby("system")["rate"].nunique() == 1).all()


def test_what_is_drawn_is_the_start_of_the_first_trial(table):
    parts = {part: rows for part, rows in table[table["system"] == "more"].groupby("part")}
    assert parts["raster"]["x"].between(0, 0.2).all() and parts["raster"]["y"].between(0, 49).all()
    assert len(parts["rate"]) == 200
    assert parts["spectrum"]["x"].between(5, 1000).all()
    spikes = len(parts["raster"]) / (50 * 0.2)
    assert spikes == pytest.approx(parts["rate"]["y"].mean(), rel=0.25), "50 neurons fire about as often as all"


def test_the_figure(table):
    figure = FiringRegimes().draw(table)
    shown = [one for one in figure.axes if one.get_visible()]
    assert len(shown) == 9
    titles = " ".join(one.get_title() for one in shown)
    assert "found" in titles and "x Poisson" in titles
    assert "synchrony above 0.35" in figure.get_supxlabel() and "CV below 0.2" in figure.get_supxlabel()
    assert not is_cut(figure)


def test_without_networks_the_figure_says_so():
    empty = FiringRegimes().compute_systems({"other": object()}, np.random.default_rng(0))
    assert list(empty.columns) == COLUMNS and empty.empty
    assert "network" in FiringRegimes().draw(empty).axes[0].texts[0].get_text()
