"""Random numbers of compiled simulators: the published answers of the generator, and the distribution of what is made of them."""

import numpy as np
import pytest
from numba import njit
from scipy import stats

from headroom.simulators import _lane_arithmetic as arithmetic
from headroom.simulators import _lane_noise as noise

LANES = 64


@njit
def philox(counter, key):
    return noise.philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1])


@njit
def filled(keys, calls):
    out = np.empty((calls, noise.PER_CALL * LANES), np.float32)
    for call in range(calls):
        noise.fill(out[call], keys, call, LANES)
    return out


@pytest.mark.parametrize(
    "counter, key, expected",
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "5f6fb709 0d893f64 4f121f81 4f730a48"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "5207ddc2 45165e59 4d8ee751 8c52f662"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "4dfccaba 190a87f0 c47362ba b6b5242a"),
    ],
)
def test_known_answers_of_philox(counter, key, expected):
    """Those of Random123 for philox4x32 with 7 rounds (tests/kat_vectors)."""
    words = [np.array([int(word, 16) for word in text.split()], np.uint32) for text in (counter, key)]
    assert " ".join(f"{word:08x}" for word in philox(*words)) == expected


@pytest.fixture(scope="module")
def normals():
    keys = np.random.default_rng(0).integers(0, 2**32, noise.KEY_WORDS * LANES, dtype=np.uint32)
    return filled(keys, 4000).reshape(4000, noise.PER_CALL, LANES).reshape(-1, LANES).astype(float)


def test_normals_are_normal(normals):
    assert stats.kstest(normals.ravel(), "norm").pvalue > 0.001
    count = normals.size
    for power, moment, spread in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96), (6, 15, 10170)):
        assert (normals**power).mean() == pytest.approx(moment, abs=4 * np.sqrt(spread / count))
    assert 4.4 < np.abs(normals).max() < 6.7


def test_normals_are_independent_in_time_and_between_lanes(normals):
    limit = 4.5 / np.sqrt(len(normals))
    between = np.corrcoef(normals.T) - np.eye(LANES)
    assert np.abs(between).max() < limit
    for lag in (1, 2, 3, 4, 8):
        for seen in (normals, normals**2 - 1):
            product = (seen[lag:] * seen[:-lag]).mean() / seen.var()
            assert abs(product) < 4 / np.sqrt(normals.size)


def test_a_lane_depends_on_its_key_alone(normals):
    keys, known = (np.random.default_rng(seed).integers(0, 2**32, (noise.KEY_WORDS, LANES), dtype=np.uint32) for seed in (1, 0))
    keys[:, 5] = known[:, 60]
    other = filled(keys.ravel(), 100).reshape(100, noise.PER_CALL, LANES).reshape(-1, LANES)
    np.testing.assert_array_equal(other[:, 5], normals[:400, 60].astype(np.float32))


@njit
def evaluated(wide, narrow, positive, unit):
    """exp2 in both precisions, log2, cos and sin of half turns."""
    double = np.array([arithmetic.exp2_64(x) for x in wide])
    single = np.array([arithmetic.exp2_32(x) for x in narrow])
    logarithm = np.array([arithmetic.log2_32(x) for x in positive])
    cosine = np.array([arithmetic.half_turn(x)[0] for x in unit])
    sine = np.array([arithmetic.half_turn(x)[1] for x in unit])
    return double, single, logarithm, cosine, sine


def test_functions_are_as_exact_as_a_few_roundings():
    wide = np.linspace(-60, 60, 50_001)
    narrow = np.linspace(-30, 30, 50_001).astype(np.float32)
    positive = np.concatenate([np.geomspace(2.0**-32, 1, 50_000), 1 - np.geomspace(1e-7, 0.5, 1000)]).astype(np.float32)
    unit = np.linspace(-1, 1, 50_001).astype(np.float32)
    double, single, logarithm, cosine, sine = evaluated(wide, narrow, positive, unit)
    np.testing.assert_allclose(double, np.exp2(wide), rtol=4e-15)
    np.testing.assert_allclose(single, np.exp2(narrow.astype(float)), rtol=2e-7)
    np.testing.assert_allclose(logarithm, np.log2(positive.astype(float)), rtol=5e-7)
    angle = np.pi / 2 * unit.astype(float)
    np.testing.assert_allclose(cosine, np.cos(angle), atol=3e-7)
    np.testing.assert_allclose(sine, np.sin(angle), atol=3e-7)


def test_powers_out_of_range_neither_overflow_nor_vanish():
    one = np.ones(1, np.float32)
    double, single, *_ = evaluated(np.array([-1e9, 1e9]), np.array([-1e9, 1e9], np.float32), one, one)
    assert 0 < double[0] < 1e-300 and 1e80 < double[1] < 1e100
    assert 0 < single[0] < 1e-37 and 1e11 < single[1] < 1e13
