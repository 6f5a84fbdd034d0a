"""From a source to sensors, noise and back: gains, covariances and the spatial filter."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.heads import lead_field, source

from headroom.core.errors import HeadroomError
from headroom.core.randomness import stream, streams
from headroom.core.signal import Signal
from headroom.observations._head import Head
from headroom.observations.decimate import Decimate
from headroom.observations.eeg import Eeg
from headroom.observations.eeg_background import EegBackground
from headroom.observations.gls_filter import GlsFilter
from headroom.observations.published_eeg_noise import PublishedEegNoise

HEAD = lead_field()


def seen(signal):
    return Eeg().with_lead_field(HEAD).apply(signal, streams(0, "eeg"))


def noisy(signal, name="noise", **settings):
    return EegBackground(**settings).with_lead_field(HEAD).apply(signal, streams(0, name))


def test_every_sensor_sees_the_source_with_its_gain():
    signal = source()
    out = seen(signal)
    assert (out.channels, out.unit) == (HEAD.channels, "uV")
    np.testing.assert_allclose(out.values, signal.values * HEAD.source, rtol=1e-5)


def test_a_step_without_its_lead_field_says_what_makes_it():
    with pytest.raises(HeadroomError, match="eeg: found no lead field; rule lead_field makes it"):
        Eeg().apply(source(), streams(0, "eeg"))


def test_only_a_source_without_noise_has_an_electroencephalogram():
    with pytest.raises(HeadroomError, match="eeg: found 5 channels before it; expected one source"):
        seen(seen(source()))
    with pytest.raises(HeadroomError, match="eeg: found noise before it"):
        seen(source().with_noise(np.zeros((3, 300, 1)), np.ones(1)))


def test_noise_over_sensors_has_the_stated_covariance_and_sizes():
    out = noisy(seen(source(trials=400)), averaged=1)
    noise = (out.values - out.clean).astype(float)
    expected = HEAD.covariance(10.0, 2.0)
    found = np.einsum("tsc,tsd->cd", noise, noise) / noise[..., 0].size
    np.testing.assert_allclose(found, expected, atol=0.04 * np.abs(expected).max())
    assert np.sqrt(np.diag(expected).mean()) == pytest.approx(np.hypot(10, 2))
    np.testing.assert_allclose(out.noise_sd, np.sqrt(np.diag(expected)), rtol=1e-6)


def test_noise_over_time_has_the_memory_that_the_signal_states():
    out = noisy(seen(source(trials=400)))
    noise = ((out.values - out.clean) / out.noise_sd).astype(float)
    for lag in (0, 1, 5, 20, 50, 100, 250):
        product = (noise[:, : 300 - lag] * noise[:, lag:]).mean()
        assert product == pytest.approx(out.noise_memory[lag], abs=0.04)
    assert np.linalg.eigvalsh(out.noise_correlation()).min() > 0


def test_its_spectrum_falls_and_has_an_alpha_rhythm():
    memory = noisy(seen(source(samples=2000))).noise_memory
    power = np.fft.rfft(np.concatenate([memory, memory[-2:0:-1]])).real
    at = {hertz: power[round(hertz / (1000 / (2 * 2000 - 2)))] for hertz in (2, 5, 10, 20, 40, 80)}
    assert at[10] > 3 * at[5] > 3 * at[20]
    assert at[20] / at[40] == pytest.approx(2, rel=0.1) and at[40] / at[80] == pytest.approx(2, rel=0.1)


def test_levels_are_factors_and_level_zero_has_its_floor():
    signal = seen(source())
    noise = {level: noisy(signal, level=level) for level in (0.0, 0.5, 1.0)}
    drawn = {level: out.values.astype(float) - out.clean for level, out in noise.items()}
    np.testing.assert_allclose(drawn[1.0], 2 * drawn[0.5], atol=2e-5)
    assert np.sqrt((noise[0.0].noise_sd ** 2).mean()) == pytest.approx(0.02)
    assert np.sqrt((noise[1.0].noise_sd ** 2).mean()) == pytest.approx(np.hypot(10, 2) / np.sqrt(60))


def test_a_recordings_noise_depends_on_its_own_stream_alone_and_differs_between_recordings():
    signal = seen(source())
    plain = noisy(signal).values
    mixed = EegBackground().with_lead_field(HEAD).apply(signal, lambda trial: stream(0, "noise" if trial == 1 else "other", trial)).values
    np.testing.assert_array_equal(mixed[1], plain[1])
    assert not np.array_equal(mixed[0], plain[0])
    assert not np.array_equal(plain[0] - signal.values[0], plain[1] - signal.values[1])


def test_the_filter_passes_the_source_and_no_other_is_less_noisy():
    covariance = HEAD.covariance(10.0, 2.0)
    weights = HEAD.filter(covariance)
    assert weights @ HEAD.source == pytest.approx(1)
    for number in range(20):
        other = np.random.default_rng(100 + number).normal(size=5)
        other = weights + 0.1 * (other - HEAD.source * (other @ HEAD.source) / (HEAD.source @ HEAD.source))
        assert other @ HEAD.source == pytest.approx(1)
        assert other @ covariance @ other > weights @ covariance @ weights


def test_the_mixing_is_a_root_of_the_covariance_and_the_filter_reads_its_first_column_alone():
    covariance = HEAD.covariance(10.0, 2.0)
    mixing = HEAD.mixing(covariance)
    np.testing.assert_allclose(mixing @ mixing.T, covariance, atol=1e-9)
    np.testing.assert_allclose((HEAD.filter(covariance) @ mixing)[1:], 0, atol=1e-9)


def test_filtered_noise_is_that_which_the_filter_leaves_of_the_sensors():
    signal = source(trials=60)
    filtered = GlsFilter().with_lead_field(HEAD).apply(noisy(seen(signal)), streams(0, "filter"))
    alone = noisy(signal, filtered=True)
    np.testing.assert_allclose(alone.values, filtered.values, atol=2e-4)
    np.testing.assert_allclose(alone.noise_sd, filtered.noise_sd, rtol=0.1)
    assert (filtered.channels, filtered.unit) == (("source",), "mV")


def test_a_filter_of_another_head_is_noisier():
    signal = source(trials=60)
    own, other = (GlsFilter().with_lead_field(head).apply(noisy(seen(signal)), streams(0, "f")) for head in (HEAD, lead_field(seed=3)))
    share = [((out.values - signal.values) ** 2).mean() for out in (own, other)]
    assert share[1] > 1.5 * share[0]


def test_a_filter_that_comes_to_be_wrong_is_that_filter_on_the_sensors():
    """From the middle of the recordings on: made for white noise, and for a source that lies elsewhere."""
    signal = source(trials=80)
    elsewhere = replace(HEAD, believed=HEAD.source + 0.3 * lead_field(seed=3).source)
    electrodes, right = noisy(seen(signal)), noisy(signal, filtered=True)
    late, power = slice(40, None), (signal.values[40:] ** 2).sum()
    for head, settings, wrong in (
        (HEAD, {"assumed": (0.0, 1.0)}, GlsFilter(background=1e-9, sensor=1.0).with_lead_field(HEAD)),
        (elsewhere, {"head": Head(misplaced=0.01)}, GlsFilter().with_lead_field(replace(HEAD, source=elsewhere.believed))),
    ):
        found = EegBackground(filtered=True, **{"shift_at": 0.5} | settings).with_lead_field(head).apply(signal, streams(0, "noise"))
        np.testing.assert_array_equal(found.values[:40], right.values[:40])
        expected = wrong.apply(electrodes, streams(0, "filter"))
        gain = float((expected.clean * signal.values)[late].sum() / power)
        left, usual = ((seen.values - seen.clean)[late].std() for seen in (expected, right))
        assert float((found.values * signal.values)[late].sum() / power) == pytest.approx(gain, abs=0.1)
        assert (found.values - gain * signal.values)[late].std() == pytest.approx(left, rel=0.15)
        assert left / gain > 1.03 * usual and found.noise_sd == right.noise_sd


def test_only_a_filter_can_be_wrong():
    assert "assumed: expected only where `filtered` is true" in EegBackground(assumed=(0.0, 1.0)).problems()[0]
    assert not EegBackground(assumed=(0.0, 1.0), filtered=True).problems()


def test_wrong_channels_are_refused():
    with pytest.raises(HeadroomError, match="eeg_background: found 1 channels; expected the 5 sensors of its head; set filtered"):
        noisy(source())
    with pytest.raises(HeadroomError, match=r"gls_filter: found channels source, \.\.\.; expected a, b, c"):
        GlsFilter().with_lead_field(HEAD).apply(source(), streams(0, "filter"))


def waves(hertz, samples=2001):
    time = np.arange(samples) / 1000
    return Signal(np.sin(2 * np.pi * hertz * time)[None, :, None], 0.001, ("a",))


def test_slower_sampling_keeps_what_is_slow_and_removes_what_is_fast():
    slow, fast = (Decimate(every=10).apply(waves(hertz), streams(0)) for hertz in (8, 80))
    assert slow.dt == pytest.approx(0.01) and slow.samples == 201
    np.testing.assert_allclose(slow.values[:, 20:-20], waves(8).values[:, ::10][:, 20:-20], atol=0.01)
    assert np.abs(fast.values[:, 20:-20]).max() < 0.02


def test_the_noise_is_followed_through_slower_sampling():
    signal = source(trials=200, samples=2000)
    for before in (noisy(signal, filtered=True), source(200, 2000).with_noise(stream(1).standard_normal((200, 2000, 1)), np.ones(1))):
        out = Decimate(every=10).apply(before, streams(0))
        noise = (out.values - out.clean)[:, 15:-15, 0].astype(float)
        assert noise.std() == pytest.approx(out.noise_sd[0], rel=0.03)
        for lag in (1, 3, 10):
            assert (noise[:, lag:] * noise[:, :-lag]).mean() / noise.var() == pytest.approx(out.noise_memory[lag], abs=0.04)


def test_noise_with_a_memory_stands_alone():
    once = noisy(source(), filtered=True)
    with pytest.raises(ValueError, match="add it first and alone"):
        once.with_noise(np.zeros((3, 300, 1)), np.ones(1))


def published(**settings):
    signal = seen(source(trials=8))
    out = PublishedEegNoise(**settings).apply(signal, streams(0, "noise"))
    return out, (out.values - out.clean).astype(float)


def test_the_published_noise_is_gone_after_a_few_recordings():
    out, noise = published(level=0.1, compounding=True)
    sizes = noise.std(axis=(1, 2))
    np.testing.assert_allclose(sizes[:4], 0.2 / np.sqrt(60) * np.sqrt(0.1 ** np.arange(1, 5)), rtol=0.05)
    np.testing.assert_allclose(noise[1], noise[0] * np.sqrt(0.1), atol=1e-6)
    np.testing.assert_allclose(out.noise_sd, np.sqrt((noise**2).mean()), rtol=0.05)


def test_without_its_error_every_recording_has_its_own_noise_of_one_size():
    out, noise = published(level=0.95, compounding=False)
    np.testing.assert_allclose(noise.std(axis=(1, 2)), out.noise_sd[0], rtol=0.05)
    assert out.noise_sd[0] == pytest.approx(0.2 * np.sqrt(0.95 / 60))
    assert abs(np.corrcoef(noise[0].ravel(), noise[1].ravel())[0, 1]) < 0.1
