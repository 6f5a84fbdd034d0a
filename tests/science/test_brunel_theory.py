"""The small Brunel network against mean-field theory, published statistics and the elephant package."""

import numpy as np
import pytest
from fixtures.brunel import spike_trains, spikes_of
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import erfcx

from headroom.analyses import _firing as firing
from headroom.core.randomness import streams
from headroom.simulators.brunel import Brunel
from headroom.simulators.brunel_classic import BrunelClassic


def siegert(mean, sd, system, discrete):
    """Rate [Hz] of a leaky integrate-and-fire neuron under white noise (Siegert 1951; Brunel 2000, equation 21).

    `discrete` raises the threshold by -zeta(1/2)/sqrt(2 pi) = .5826 SD of a step's input: crossings within a step are not seen
    (Broadie, Glasserman and Kou 1997).
    """
    threshold = system.threshold + (0.5826 * sd * np.sqrt(system.step / system.tau) if discrete else 0.0)
    low, high = ((barrier - mean) / sd for barrier in (system.reset, threshold))
    area = quad(lambda u: erfcx(-u), low, high)[0]  # exp(u^2) (1 + erf u)
    return 1 / (system.refractory + system.tau * np.sqrt(np.pi) * area)


def self_consistent_rate(system, discrete=False):
    """The rate at which a neuron fires when its sources fire at it: mean and variance by Campbell's theorem."""
    excitatory = system.connection_probability * system.excitatory
    inhibitory = system.connection_probability * (system.neurons - system.excitatory)
    inhibition = system.inhibition * system.weight

    def excess(rate):
        external = system.external_inputs * system.external_rate
        drift = system.weight * (external + excitatory * rate) - inhibition * inhibitory * rate
        variance = system.weight**2 * (external + excitatory * rate) + inhibition**2 * inhibitory * rate + system.noise**2
        return siegert(system.rest + system.tau * drift, np.sqrt(system.tau * variance), system, discrete) - rate

    return brentq(excess, 0.1, 400)


@pytest.fixture(scope="module")
def redrawn():
    """Forty graphs of two seconds each."""
    system = Brunel(trials=40, duration=2.8, connectivity="redrawn")
    return system, system.simulate(streams(0, "theory"))


def test_the_rate_is_that_of_the_mean_field(redrawn):
    system, recording = redrawn
    rate = (recording.extras["spike_step"] >= 0).sum() / (system.trials * system.neurons * system.samples * system.dt)
    assert self_consistent_rate(system) == pytest.approx(33.2, abs=0.1)
    assert self_consistent_rate(system, discrete=True) == pytest.approx(31.9, abs=0.1)
    assert self_consistent_rate(system) == pytest.approx(rate, rel=0.12)
    assert self_consistent_rate(system, discrete=True) == pytest.approx(rate, rel=0.10)


def test_without_recurrence_theory_is_met_more_closely():
    """No graph, no refractory bias of arriving input: only diffusion theory and finite jumps remain."""
    system = Brunel(trials=10, duration=2.8, connection_probability=0)
    recording = system.simulate(streams(1, "alone"))
    rate = (recording.extras["spike_step"] >= 0).sum() / (system.trials * system.neurons * system.samples * system.dt)
    assert rate == pytest.approx(self_consistent_rate(system, discrete=True), rel=0.06)


def test_published_statistics(redrawn):
    _, recording = redrawn
    voltage = recording.states.values
    assert voltage.std() == pytest.approx(5.8, abs=0.1)
    assert (voltage == -70).mean() == pytest.approx(0.060, abs=0.003)


@pytest.mark.filterwarnings("ignore:The 'copy' argument in Quantity")
def test_elephant_finds_the_rate_and_regularity(redrawn):
    """elephant (Denker et al. 2018) on spike trains in seconds; expected 30.2 Hz and CV .40."""
    elephant = pytest.importorskip("elephant.statistics")
    system, recording = redrawn
    trains = spike_trains(system, recording)[:1000]
    rates = [float(elephant.mean_firing_rate(train).rescale("Hz")) for train in trains]
    cv = [elephant.cv(elephant.isi(train)) for train in trains if len(train) > 10]
    ours = [np.diff(spikes_of(recording, trial, neuron)) for trial in range(3) for neuron in range(system.neurons)]
    assert np.mean(rates) == pytest.approx(30.2, abs=1.0)
    assert np.mean(cv) == pytest.approx(0.40, abs=0.03)
    np.testing.assert_allclose([isi.std() / isi.mean() for isi in ours if len(isi) > 9], cv[: sum(len(isi) > 9 for isi in ours)])


@pytest.mark.filterwarnings("ignore:The 'copy' argument in Quantity")
def test_elephant_finds_the_same_intervals_counts_and_regularity_as_the_figures():
    """Every train of a small network: intervals one by one, mean rate, mean CV, as `analyses/_firing.py` has them."""
    elephant = pytest.importorskip("elephant.statistics")
    system = BrunelClassic(neurons=100, observed=100, weight=12.5, duration=1.2, trials=2)
    recording = system.simulate(streams(2, "elephant"))
    trains = spike_trains(system, recording)
    intervals = [elephant.isi(train).magnitude for train in trains if len(train) > 3]
    ours = list(firing.between_spikes(recording))
    assert len(ours) == len(intervals) > 100
    for mine, theirs in zip(ours, intervals, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-9)
    found = firing.measured(recording, system.neurons)
    assert found.cv == pytest.approx(np.mean([elephant.cv(one) for one in intervals]), rel=1e-9)
    rates = [float(elephant.mean_firing_rate(train).rescale("Hz")) for train in trains]
    assert found.rate == pytest.approx(np.mean(rates), rel=1e-5)


def test_recurrent_input_is_a_small_mean_and_a_third_of_the_variance(redrawn):
    """In units of the external input: what the class says of its defaults."""
    system, recording = redrawn
    rate = (recording.extras["spike_step"] >= 0).sum() / (system.trials * system.neurons * system.samples * system.dt)
    jumps = recording.extras["graph"].astype(float)
    mean, variance = jumps.sum(axis=2).mean() * rate, (jumps**2).sum(axis=2).mean() * rate
    external = system.external_inputs * system.external_rate
    assert mean / (system.weight * external) == pytest.approx(-0.02, abs=0.01)
    assert variance / (system.weight**2 * external + variance) == pytest.approx(1 / 3, abs=0.1)
