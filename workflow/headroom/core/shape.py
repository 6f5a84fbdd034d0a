"""How large data will be before any exist: what costs of jobs are worked out from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Extent:
    """A signal's size."""

    trials: int
    samples: int
    """In each trial."""
    channels: int

    @property
    def values(self) -> int:
        """Numbers in all."""
        return self.trials * self.samples * self.channels


@dataclass(frozen=True)
class DataShape:
    """The size of a dataset: what a model is handed."""

    inputs: Extent
    targets: int
    """Numbers asked for at each offset: channels, states, or classes."""
    offsets: int
    """Moments at which they are asked for."""
    reach: int
    """Furthest offset [samples]."""
    length: int
    """Samples in a window."""
    train: int
    """Examples."""
    valid: int
    """Examples."""
    test: int
    """Examples."""
    rollout: int = 0
    """How far forecasts are fed back [samples]."""

    @property
    def channels(self) -> int:
        """Input channels."""
        return self.inputs.channels

    @property
    def answers(self) -> int:
        """Numbers in one example's answer."""
        return self.targets * self.offsets

    @property
    def examples(self) -> int:
        """Of all three parts."""
        return self.train + self.valid + self.test
