"""Harmonic regression: sinusoids of frequencies common to all trials, fitted to the training samples and extrapolated."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import require_same_channels, unpack
from headroom.core.settings import settings
from headroom.models._frequencies import pursue
from headroom.models._sinusoids import Sinusoids, estimate, segments


@settings
class Harmonic:
    """A sum of sinusoids whose number is chosen on validation, or on the last fifth of the training windows without one."""

    role: ClassVar[Role] = "baseline"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("ahead",)
    most: Annotated[int, Ge(1)] = 10
    """Sinusoids at most."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[Sinusoids, list[dict[str, float]]]:
        """One row for each number of sinusoids tried; raises HeadroomError where targets are not the inputs themselves."""
        require_same_channels("harmonic", train)
        seen, held = (train, valid) if len(valid) else _last_fifth(train)
        candidates = list(pursue(segments(seen), self.most))
        if not candidates:
            raise HeadroomError("harmonic: the training samples are constant or too few for a periodogram; leave harmonic out")
        losses = [_loss(estimate(seen, frequencies), held) for frequencies in candidates]
        best = int(np.argmin(losses)) + 1
        found = candidates[:best] if seen is train else list(pursue(segments(train), best))
        return estimate(train, found[-1]), [{"sinusoids": i + 1, "valid_loss": loss} for i, loss in enumerate(losses)]

    def restore(self, state: Mapping[str, np.ndarray]) -> Sinusoids:
        """The fit that was saved."""
        own = {name: state[name] for name in ("frequencies", "amplitudes", "known", "filters", "offsets")}
        return Sinusoids(**own, scale=unpack(state))


def _loss(fitted: Sinusoids, held: Examples) -> float:
    """Mean squared error in units of each target's variance."""
    return float((((fitted.predict(held).point - held.targets()) / fitted.scale.track_sd) ** 2).mean())


def _last_fifth(train: Examples) -> tuple[Examples, Examples]:
    """Training windows, and the last of each trial's that share no sample with them."""
    edge = np.zeros(train.inputs.trials)
    for trial in np.unique(train.trial):
        edge[trial] = np.quantile(train.start[train.trial == trial], 0.8)
    early = train.last + max(0, *train.offsets) < edge[train.trial]
    late = train.start >= edge[train.trial]
    if not early.any():
        raise HeadroomError("harmonic: too few training windows to hold a fifth out; give a validation part or a longer recording")
    return train.take(early), train.take(late)
