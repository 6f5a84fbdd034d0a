"""A check that several oracles share: is what models see the simulator's states, plus noise and nothing else?"""

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.recording import Recording


def require_states(ceiling: str, examples: Examples, recording: Recording) -> None:
    """Raises HeadroomError unless the noise-free track is the recording's states and every target lies ahead."""
    truth = examples.track.truth()
    if truth.shape != recording.states.values.shape or not np.array_equal(truth, recording.states.values):
        raise HeadroomError(f"{ceiling}: the observed signal is not the simulator's states plus noise; use it with the identity sensor")
    if min(examples.offsets) < 1:
        raise HeadroomError(f"{ceiling}: offset {min(examples.offsets)} does not lie ahead; use it for forecasting only")
