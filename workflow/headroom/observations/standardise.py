"""Z-score over the whole recording, as published: the test samples take part in the scale, which is a leak."""

from headroom.core.errors import HeadroomError
from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.signal import Signal


@settings
class Standardise:
    """Mean 0 and SD 1 per channel over all trials and samples, before any split.

    For published protocols only: a sound protocol leaves the signal in its unit and lets the split fit a scale on train.
    """

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The signal in SDs; clean values and the noise SD follow. Raises HeadroomError for a constant channel."""
        mean, sd = signal.values.mean(axis=(0, 1)), signal.values.std(axis=(0, 1))
        constant = [name for name, spread in zip(signal.channels, sd, strict=True) if spread == 0]
        if constant:
            raise HeadroomError(f"standardise: channel {constant[0]!r} is constant, so it has no SD to divide by; leave it out")
        return signal.rescaled(mean, sd, "SD")
