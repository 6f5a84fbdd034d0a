"""Correlations against the distance between channels: found where they are, and not where the order means nothing."""

import numpy as np
import pytest
from fixtures import study_tables

from headroom.analyses.spatial_correlation import SHUFFLES, SpatialCorrelation, chance, profile, shuffled


def correlations(spread, seed, channels=30, samples=300):
    """Of channels that share what their neighbours have, as far as `spread` says."""
    rng = np.random.default_rng(seed)
    own = rng.normal(size=(samples, channels))
    shared = own[:, 1:] * spread
    own[:, :-1] += shared
    return np.corrcoef(own, rowvar=False)


def test_a_profile_is_the_mean_over_pairs_at_a_distance():
    distance = np.abs(np.subtract.outer(np.arange(12), np.arange(12)))
    assert profile(1.0 / (1 + distance)) == pytest.approx(1 / (1 + np.arange(1, 12)))


def test_neighbours_that_share_something_stand_out_at_distance_one():
    correlation = correlations(0.3, 0)
    found, others = profile(correlation), shuffled(correlation, np.random.default_rng(0))
    assert found[0] > np.quantile(others[:, 0], 0.999) and chance(found, others) == pytest.approx(1 / (1 + SHUFFLES))
    inside = (found[1:] > np.quantile(others, 0.01, axis=0)[1:]) & (found[1:] < np.quantile(others, 0.99, axis=0)[1:])
    assert inside.mean() > 0.8


def test_p_is_uniform_where_the_order_means_nothing():
    every = []
    for seed in range(60):
        correlation = correlations(0.0, seed)
        every.append(chance(profile(correlation), shuffled(correlation, np.random.default_rng(seed))))
    assert np.mean(every) == pytest.approx(0.5, abs=0.12)
    assert np.mean(np.array(every) < 0.1) < 0.25


def test_errors_that_neighbours_share_are_found_in_a_study():
    tables = study_tables.oscillators(("kuramoto",), ("0.07",), channels=tuple(f"neuron {k}" for k in range(12)))
    predictions = tables["predictions"].copy()
    rng = np.random.default_rng(3)
    number = predictions["channel"].str.removeprefix("neuron ").astype(int)
    field = rng.normal(size=(1000, 13))
    time = (predictions["time"] / study_tables.DT).round().astype(int)
    shared = field[time, number] + field[time, number + 1]
    predictions["prediction"] = predictions["truth"] - shared.astype(float)
    table = SpatialCorrelation().compute(tables | {"predictions": predictions})
    first = table[(table["what"] == "errors") & (table["distance"] == 1)]
    assert first["correlation"].to_numpy() == pytest.approx(0.5, abs=0.06) and (first["p"] < 0.01).all()
