"""A made-up recording that looks like scalp potentials: two rhythms, one of which comes and goes, over noise.

A rhythm is a damped oscillator kicked by noise, x(t + 1) = rho R(2 pi f dt) x(t) + noise: its band width is that of the damping.
"""

import numpy as np

from headroom.core.randomness import stream

RHYTHMS = ((10.0, 0.97), (21.0, 0.93))
"""Frequency [Hz] and damping per sample of each."""
WEIGHTS = np.array([[0.006, 0.010], [0.010, 0.008], [0.016, 0.004], [0.022, 0.002]])
"""What each rhythm's unit of SD makes at each channel [mV]."""
NOISE = 0.004
"""SD of what neither rhythm explains [mV]."""
BLOCK = 1.0
"""The label changes at most this often [s]."""


def drawn(trial: int, samples: int, dt: float) -> tuple[np.ndarray, np.ndarray]:
    """Values (time, channel) [mV] and labels (time,), 1 where the first rhythm is strong; each trial has its own stream."""
    rng = stream(0, "example recording", trial)
    length = max(1, round(BLOCK / dt))
    strong = np.repeat(rng.integers(0, 2, -(-samples // length)), length)[:samples]
    strength = np.stack([np.where(strong == 1, 1.0, 0.25), np.ones(samples)], axis=1)  # (time, rhythm)
    waves = np.stack([_rhythm(rng, samples, frequency * dt, damping) for frequency, damping in RHYTHMS], axis=1)
    return (strength * waves) @ WEIGHTS.T + _noise(rng, samples), strong


def _rhythm(rng: np.random.Generator, samples: int, turn: float, damping: float) -> np.ndarray:
    """One coordinate (time,) of SD 1 of a damped oscillator that turns by `turn` of a circle a sample."""
    kicks = (rng.standard_normal(samples) + 1j * rng.standard_normal(samples)) * np.sqrt(1 - damping**2)
    step = damping * np.exp(2j * np.pi * turn)
    state, values = complex(kicks[0]) / np.sqrt(1 - damping**2), np.empty(samples)
    for time in range(samples):
        values[time] = state.real
        state = step * state + kicks[time]
    return values


def _noise(rng: np.random.Generator, samples: int) -> np.ndarray:
    """Noise (time, channel) of SD `NOISE` [mV], a third of its variance shared by all channels."""
    own, shared = rng.standard_normal((samples, len(WEIGHTS))), rng.standard_normal((samples, 1))
    return np.asarray(NOISE * (np.sqrt(2 / 3) * own + np.sqrt(1 / 3) * shared))
