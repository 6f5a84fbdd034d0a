"""The lead field of a subject's own head: where that head is three spheres, theory says what it must be."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.subjects import MIDDLE, RADIUS, SHELLS, TO_HEAD, hemisphere, write_subject

from headroom.observations._dipoles import Dipoles
from headroom.observations._head import Head

mne = pytest.importorskip("mne")
from headroom.observations._forward import lead_field  # noqa: E402
from headroom.observations._subject import MARGIN, SOURCE, _inside, cortical, fitted  # noqa: E402


@pytest.fixture(scope="module")
def head(tmp_path_factory):
    return Head(subject=str(write_subject(tmp_path_factory.mktemp("subject") / "spheres")), dipoles=100, misplaced=0.01)


@pytest.fixture(scope="module")
def field(head):
    return lead_field(head)


def in_spheres(dipoles):
    """Gains (channel, dipole) of the same dipoles in concentric spheres, for electrodes that lie on the outermost."""
    to_head, rotation = mne.transforms.apply_trans, TO_HEAD[:3, :3]
    middle, names = to_head(TO_HEAD, MIDDLE), mne.channels.make_standard_montage("biosemi64").ch_names
    info = mne.create_info(names, 1000.0, "eeg").set_montage(fitted(mne.channels.make_standard_montage("biosemi64")))
    outwards = np.array([channel["loc"][:3] for channel in info["chs"]]) - middle
    places = middle + RADIUS * outwards / np.linalg.norm(outwards, axis=1, keepdims=True)
    info.set_montage(mne.channels.make_dig_montage(dict(zip(names, places, strict=True)), coord_frame="head"))
    radii, conductivities = zip(*(SHELLS[number] for number in (1, 3, 4)), strict=True)
    sphere = mne.make_sphere_model(middle, RADIUS, relative_radii=radii, sigmas=conductivities, verbose="error")
    return Dipoles(sphere, to_head(TO_HEAD, dipoles.positions), dipoles.directions @ rotation.T).gains(info)


def test_boundary_elements_of_spheres_give_the_field_of_spheres(head, field):
    found = np.column_stack([field.source / head.moment, field.believed / head.moment, field.background])
    expected = in_spheres(cortical(head))
    alike = [np.corrcoef(one, other)[0, 1] for one, other in zip(found.T, expected.T, strict=True)]
    assert min(alike) > 0.995
    np.testing.assert_allclose(np.linalg.norm(found, axis=0) / np.linalg.norm(expected, axis=0), 1, atol=0.15)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-9)


def test_the_source_lies_in_the_middle_of_its_region_and_points_out_of_the_cortex(head):
    left, dipoles = hemisphere(-1, 0.026, 240), cortical(head)
    places, normals = left["rr"][left["vertno"]], left["nn"][left["vertno"]]
    middle = places[normals @ [-0.3, 0.5, 0.8] > 0.8].mean(axis=0)
    nearest = np.linalg.norm(places - middle, axis=1).argmin()
    np.testing.assert_allclose([dipoles.positions[0], dipoles.directions[0]], [places[nearest], normals[nearest]], atol=1e-6)
    behind = dipoles.positions[0] - [0, head.misplaced, 0]
    assert np.linalg.norm(dipoles.positions[1] - behind) == pytest.approx(np.linalg.norm(places - behind, axis=1).min(), abs=1e-6)


def test_the_background_is_of_both_hemispheres_and_the_seeds(head, field):
    positions = cortical(head).positions[2:]
    assert len(np.unique(positions, axis=0)) == head.dipoles
    assert 30 < (positions[:, 0] < MIDDLE[0]).sum() < 70
    again, other = lead_field(head), lead_field(replace(head, seed=1, misplaced=0.0))
    np.testing.assert_array_equal(again.background, field.background)
    np.testing.assert_array_equal(other.source, field.source)
    assert other.believed is None and not np.array_equal(other.background, field.background)


def test_another_subject_has_another_field(head, field, tmp_path):
    other = lead_field(replace(head, subject=str(write_subject(tmp_path / "other", cortex=0.02, shell=300))))
    assert other.channels == field.channels == tuple(mne.channels.make_standard_montage("biosemi64").ch_names)
    assert np.abs(other.source).max() < 0.9 * np.abs(field.source).max(), "it lies deeper"


def test_vertices_outside_the_skull_or_close_to_it_are_left_out():
    skull = hemisphere(0, 0.07, 1000)
    middle = skull["rr"].mean(axis=0)
    radii = np.array([0.0, 0.06, 0.064, 0.067, 0.072, 0.09])
    assert _inside(middle + radii[:, None] * [0.6, 0.0, 0.8], skull).tolist() == (radii < 0.07 - MARGIN).tolist()


def test_sensors_that_nobody_measured_stay_where_their_montage_has_them():
    montages = {name: mne.channels.make_standard_montage(name) for name in ("biosemi64", "GSN-HydroCel-32")}
    assert fitted(montages["GSN-HydroCel-32"]) is montages["GSN-HydroCel-32"]
    assert fitted(montages["biosemi64"]) is not montages["biosemi64"]
    assert SOURCE == "caudalmiddlefrontal"
