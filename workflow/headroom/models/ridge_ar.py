"""Ridge autoregression of each channel on its own past alone, at each horizon directly; coefficients may be shared by all channels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import require_same_channels
from headroom.core.settings import settings
from headroom.core.shape import DataShape
from headroom.models._linear import Rows, fit_linear
from headroom.models._linear_fit import LinearFit, restore_linear


@settings
class RidgeAr:
    """What a channel's own lags say; the distance to ridge_var is what the other channels add."""

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("ahead",)
    lags: Annotated[tuple[Annotated[int, Ge(1)], ...], MinLen(1)] = (5, 10, 20, 30)
    """Numbers of lags to try [samples]; those longer than the window are passed over."""
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
    """Ridge penalties to try, for standardised data."""
    folds: Annotated[int, Ge(2)] = 5
    """Contiguous folds of the training examples that choose where there is no validation."""
    shared: bool = False
    """Whether one set of coefficients serves all channels, which are alike."""

    def fit_work(self, data: DataShape) -> float:
        """Multiply-adds of the sums and of an eigendecomposition for each number of lags."""
        features = [lags for lags in self.lags if lags <= data.length] or [0]
        sums = (data.train + data.valid) * max(features) * (max(features) + data.offsets)
        return data.channels * (sums + sum(10 * size**3 for size in features))

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[LinearFit, Rows]:
        """In closed form, one row for each candidate; raises HeadroomError where targets are not the inputs or no lags fit."""
        require_same_channels("ridge_ar", train)
        sizes = {lags: lags for lags in sorted(set(self.lags)) if lags <= train.length}
        if not sizes:
            raise HeadroomError(f"ridge_ar: lags {self.lags} are all longer than the window of {train.length} samples; add a shorter one")
        return fit_linear(self._design(len(train.inputs.channels)), train, valid, self.penalties, self.folds, sizes)

    def restore(self, state: Mapping[str, np.ndarray]) -> LinearFit:
        """The fit that was saved."""
        return restore_linear(self._design(len(state["scale.mean"])), state)

    def _design(self, channels: int) -> "OwnChannel | SharedChannel":
        return SharedChannel(channels) if self.shared else OwnChannel()


@dataclass(frozen=True)
class OwnChannel:
    """One group of rows for each channel: a row is a window, its features are that channel's lags."""

    name: str = "ridge_ar"

    def features(self, windows: np.ndarray) -> np.ndarray:
        """(channel, example, lag), newest lag first."""
        return windows[:, ::-1].transpose(2, 0, 1)

    def responses(self, windows: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """(channel, example, offset)."""
        return targets.transpose(2, 0, 1)

    def predictions(self, windows: np.ndarray, responses: np.ndarray) -> np.ndarray:
        """(example, offset, channel)."""
        return responses.transpose(1, 2, 0)


@dataclass(frozen=True)
class SharedChannel:
    """One group of rows: a row is a channel of a window, its features are that channel's lags."""

    channels: int
    name: str = "ridge_ar"

    def features(self, windows: np.ndarray) -> np.ndarray:
        """(1, example x channel, lag), newest lag first."""
        return windows[:, ::-1].transpose(0, 2, 1).reshape(1, len(windows) * self.channels, -1)

    def responses(self, windows: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """(1, example x channel, offset)."""
        return targets.transpose(0, 2, 1).reshape(1, len(windows) * self.channels, -1)

    def predictions(self, windows: np.ndarray, responses: np.ndarray) -> np.ndarray:
        """(example, offset, channel)."""
        return responses.reshape(len(windows), self.channels, -1).transpose(0, 2, 1)
