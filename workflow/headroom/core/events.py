"""Events of a recording, such as spikes: at which samples of which channels they stand."""

import numpy as np

from headroom.core.examples import Examples
from headroom.core.recording import Recording


def shown(recording: Recording) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Trial, channel and sample of every spike, each (spike,), the sample being the first that shows it; None without spikes.

    A spike of integration step k, counted from sample 0, is first shown by sample k // (steps in a sample) + 1: the first one after the
    reset. It may lie before the first sample or behind the last.
    """
    extras = recording.extras
    if "spike_step" not in extras:
        return None
    every = round(recording.states.dt / float(extras["step"]))
    return extras["spike_trial"], extras["spike_neuron"], extras["spike_step"] // every + 1


def events_at(recording: Recording, examples: Examples) -> np.ndarray | None:
    """Whether an event stands at each target (example, offset, target): its neuron spiked after the sample before.

    None where the recording has no events, or where targets are other than its channels.
    """
    found, channels = shown(recording), recording.states.channels
    if found is None or not set(examples.track.channels) <= set(channels):
        return None
    trial, channel, sample = found
    mask = np.zeros(recording.states.values.shape, bool)
    inside = (sample >= 0) & (sample < recording.states.samples)
    mask[trial[inside], sample[inside], channel[inside]] = True
    kept = [channels.index(name) for name in examples.track.channels]
    steps = examples.last[:, None] + np.asarray(examples.offsets)
    return np.asarray(mask[..., kept][examples.trial[:, None], steps])
