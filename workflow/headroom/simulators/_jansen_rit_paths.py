"""Paths of many Jansen-Rit columns, in blocks that the compiled step takes at once."""

from dataclasses import dataclass

import numpy as np

from headroom.simulators._jansen_rit_column import STATES, Flow, Kick, Step


@dataclass(frozen=True)
class Schedule:
    """What every column of a run has in common; counts are of integration steps."""

    wander: int
    """Free run at whose end a column waits: it leaves at a moment of its own."""
    burn_in: int
    """From there to the first sample."""
    every: int
    """From a sample to the next."""
    samples: int
    pulse: np.ndarray  # (burn_in + every x (samples - 1),): fraction of each step that a pulse lasts


def fill(path: np.ndarray, step: Step, keys: np.ndarray, leave: np.ndarray, schedule: Schedule, precision: str) -> None:
    """path (column, sample, 6) <- states, or path (column, sample, 1) <- y1 - y2, from rest.

    keys (column, KEY_WORDS) and leave (column,) from 0 to schedule.wander are each column's own, as are the fields of `step`.
    """
    from headroom.simulators._jansen_rit_kernel import LANES

    for start in range(0, len(path), LANES):
        part = slice(start, start + LANES)
        _fill_block(path[part], _part(step, part), keys[part], leave[part], schedule, precision)


def _fill_block(path: np.ndarray, step: Step, keys: np.ndarray, leave: np.ndarray, schedule: Schedule, precision: str) -> None:
    from headroom.simulators._jansen_rit_kernel import compiled, keys_of, lanes_of

    run, words, count = compiled(precision), keys_of(keys), len(path)
    start = np.zeros((count, len(STATES)))
    if schedule.wander:
        free = np.empty((count, schedule.wander + 1, len(STATES)))
        run(lanes_of(start, step, precision), words, np.zeros(schedule.wander, precision), 0, 0, 1, len(STATES), free.reshape(count, -1))
        start = free[np.arange(count), leave]
    pulse = schedule.pulse.astype(precision)
    run(
        lanes_of(start, step, precision),
        words,
        pulse,
        schedule.wander,
        schedule.burn_in,
        schedule.every,
        path.shape[2],
        path.reshape(count, -1),
    )


def _part(step: Step, part: slice) -> Step:
    """The step of some columns."""
    excitatory, inhibitory = (Flow(*(field[part] for field in flow)) for flow in (step.excitatory, step.inhibitory))
    return Step(excitatory, inhibitory, Kick(*(field[part] for field in step.kick)))
