"""The lead field of a sphere: what physics says of it, whatever computed it."""

from dataclasses import replace

import numpy as np
import pytest

from headroom.observations._head import Head

pytest.importorskip("mne")
SMALL = Head(dipoles=30)


@pytest.fixture(scope="module")
def field():
    from headroom.observations._forward import lead_field

    return lead_field(SMALL)


def test_potentials_are_against_the_average_and_largest_next_to_the_source(field):
    np.testing.assert_allclose([field.source.mean(), *field.background.mean(axis=0)], 0, atol=1e-9)
    direction = np.array(SMALL.direction) / np.linalg.norm(SMALL.direction)
    sensors = field.positions - np.array([0, 0, 0.04])
    nearest = (sensors @ direction / np.linalg.norm(sensors, axis=1)).argmax()
    assert field.source.argmax() == nearest


def test_a_mirrored_source_has_a_mirrored_field(field):
    from headroom.observations._forward import lead_field

    x, y, z = SMALL.direction
    other = lead_field(replace(SMALL, direction=(-x, y, z)))
    mirrored = field.positions * np.array([-1, 1, 1])
    partner = np.linalg.norm(field.positions[None] - mirrored[:, None], axis=2).argmin(axis=1)
    np.testing.assert_allclose(other.source[partner], field.source, atol=0.02 * np.abs(field.source).max())


def test_deeper_sources_are_seen_less_and_moments_scale(field):
    from headroom.observations._forward import lead_field

    assert np.abs(lead_field(replace(SMALL, depth=0.5)).source).max() < 0.5 * np.abs(field.source).max()
    np.testing.assert_allclose(lead_field(replace(SMALL, moment=4.8)).source, 2 * field.source, rtol=1e-9)


def test_the_same_head_has_the_same_field(field):
    from headroom.observations._forward import lead_field

    again = lead_field(SMALL)
    np.testing.assert_array_equal(again.background, field.background)
    assert again.channels[:2] == ("Fp1", "AF7") and len(again.channels) == 64


def test_a_source_believed_elsewhere_leaves_the_real_one_where_it_is(field):
    from headroom.observations._forward import lead_field

    misplaced = {distance: lead_field(replace(SMALL, misplaced=distance)) for distance in (0.005, 0.02)}
    assert field.believed is None
    apart = []
    for distance, found in misplaced.items():
        np.testing.assert_allclose(found.source, field.source, rtol=1e-9)
        np.testing.assert_allclose(found.background, field.background, rtol=1e-9)
        apart.append(1 - np.corrcoef(found.believed, field.source)[0, 1])
        middle = [np.average(found.positions[:, 1], weights=one**2) for one in (found.source, found.believed)]
        assert middle[1] < middle[0] - 0.3 * distance
    assert 0 < apart[0] < 0.02 < apart[1] < 0.3
