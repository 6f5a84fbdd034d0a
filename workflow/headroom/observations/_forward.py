"""The lead field of a head, offline: in concentric spheres (Berg and Scherg 1994), or in a subject's own head."""

from typing import Any

import numpy as np

from headroom.core.lead_field import LeadField
from headroom.core.randomness import stream
from headroom.observations._dipoles import Dipoles
from headroom.observations._head import Head
from headroom.observations._subject import cortical, fitted

INNERMOST, OUTERMOST, LOWEST = 0.4, 0.9, -0.4
"""Where background dipoles lie: fractions of the brain's radius, and height over the radius, so that the face is left out."""


def lead_field(head: Head) -> LeadField:
    """Potentials at the sensors against their average; raises HeadroomError where a subject's files are no good."""
    import mne

    montage = mne.channels.make_standard_montage(head.montage)
    placed = fitted(montage) if head.subject else montage
    info = mne.create_info(montage.ch_names, 1000.0, "eeg").set_montage(placed)
    gains = (cortical(head) if head.subject else _spherical(head, info)).gains(info)
    sensors = np.array([placed.get_positions()["ch_pos"][name] for name in montage.ch_names])
    believed = head.moment * gains[:, 1] if head.misplaced else None
    return LeadField(tuple(montage.ch_names), sensors, head.moment * gains[:, 0], gains[:, 2:], believed)


def _spherical(head: Head, info: Any) -> Dipoles:
    """The source, where a filter takes it to be, and the background, in spheres fitted to the sensors."""
    import mne

    sphere = mne.make_sphere_model("auto", "auto", info, verbose="error")
    middle, radius = np.asarray(sphere["r0"]), float(sphere["layers"][0]["rad"])
    outwards = np.array(head.direction) / np.linalg.norm(head.direction)
    own = [outwards, _turned_back(outwards, head.misplaced / (head.depth * radius))]
    places, directions = _background(head)
    positions = middle + radius * np.vstack([*(head.depth * one for one in own), places])
    return Dipoles(sphere, positions, np.vstack([*own, directions]))


def _turned_back(direction: np.ndarray, angle: float) -> np.ndarray:
    """A direction turned towards the back of the head [rad]."""
    back = np.array([0.0, -1.0, 0.0])
    across = back - (back @ direction) * direction
    return np.asarray(np.cos(angle) * direction + np.sin(angle) * across / np.linalg.norm(across))


def _background(head: Head) -> tuple[np.ndarray, np.ndarray]:
    """Places (dipole, 3), in radii of the brain, even in volume; and directions (dipole, 3), even over the sphere."""
    rng = stream(head.seed, "background dipoles")
    places = np.empty((head.dipoles, 3))
    for place in places:
        while True:
            place[:] = rng.uniform(-1, 1, 3)
            distance = np.linalg.norm(place)
            if INNERMOST < distance < OUTERMOST and place[2] > LOWEST * distance:
                break
    directions = rng.standard_normal((head.dipoles, 3))
    return places, directions / np.linalg.norm(directions, axis=1, keepdims=True)
