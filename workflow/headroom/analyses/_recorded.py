"""What a recording knows beside its signal, as tables: who is connected to whom, who spiked when, and who is tuned to what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.events import shown
from headroom.core.recording import Recording

if TYPE_CHECKING:
    from pandas import DataFrame

WIRING = ["trial", "target", "source", "weight", "excitatory", "channel"]
SPIKES = ["trial", "neuron", "sample", "neurons", "samples", "dt"]
TUNING = ["channel", "rate", "walking", "tuning", "group"]


def trained_on(dataset: Dataset) -> np.ndarray:
    """The trials that models were fitted to."""
    return np.unique(dataset.train.trial)


def wiring(recording: Recording, trials: np.ndarray | None = None) -> DataFrame:
    """A row for each ordered pair of neurons: weight, 0 where not connected, whether the source excites, and the target's channel.

    `trial` is -1 for a graph that all trials share. Where every trial has its own, those of the trials that no model was fitted to
    are given: nothing that was learnt can know them, so that they are a control. Empty where the recording has no graph.
    """
    from pandas import DataFrame

    graph = recording.extras.get("graph", np.zeros((0, 0, 0)))
    graph = graph if graph.ndim == 3 else graph[None]
    if not len(graph):
        return DataFrame(columns=WIRING)
    own = [-1] if len(graph) == 1 else [one for one in range(len(graph)) if trials is None or one not in trials]
    trial, target, source = (axis.ravel() for axis in np.indices((len(own), *graph.shape[1:])))
    excitatory = np.asarray(recording.extras.get("excitatory", graph[0].sum(axis=0) >= 0), bool)
    weight = graph[own].ravel().astype(float)
    columns = {"trial": np.array(own)[trial], "target": target, "source": source, "weight": weight, "excitatory": excitatory[source]}
    return DataFrame(columns | {"channel": np.array(recording.states.channels, object)[target]})


def spikes(recording: Recording, trials: np.ndarray | None = None) -> DataFrame:
    """A row for each spike of these trials, at the sample that first shows it; empty where the recording has none."""
    from pandas import DataFrame

    states, found = recording.states, shown(recording)
    if found is None:
        return DataFrame(columns=SPIKES)
    trial, neuron, sample = found
    kept = (sample >= 0) & (sample < states.samples)
    kept &= np.isin(trial, trials) if trials is not None else True
    columns = {"trial": trial[kept], "neuron": neuron[kept], "sample": sample[kept]}
    return DataFrame(columns).assign(neurons=len(states.channels), samples=states.samples, dt=states.dt)


def tuning(recording: Recording, trials: np.ndarray | None = None) -> DataFrame:
    """A row for each neuron of a hidden gait: its rate at rest [Hz], its gain by walking and the SD over the step cycle [log rate].

    Over sessions their mean. Empty where the recording knows no gains.
    """
    from pandas import DataFrame

    gains = recording.extras.get("gains")  # (trial, state, neuron); state 0 is rest
    if gains is None:
        return DataFrame(columns=TUNING)
    cycle = gains[:, 1:].std(axis=1).mean(axis=0)
    columns = {"channel": np.array(recording.states.channels, object), "rate": np.exp(recording.extras["baseline"])}
    columns |= {"walking": gains[:, 1:].mean(axis=(0, 1)), "tuning": cycle}
    return DataFrame(columns | {"group": np.where(cycle > 1e-12, "mixed selectivity", "locomotion only")})


TABLES = {"wiring": wiring, "spikes": spikes, "tuning": tuning}
