"""A fit from a weights file, which holds those of several seeds: `0/name`, `1/name`, or `once/name` where no seed matters."""

from collections.abc import Mapping

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Fitted, Model

ONCE = "once"


def restored(name: str, model: Model, tensors: Mapping[str, np.ndarray], seed: int | None) -> Fitted:
    """The fit of one seed; raises HeadroomError where the arrays are not those of a model with these settings."""
    prefix = f"{ONCE if seed is None else seed}/"
    state = {key.removeprefix(prefix): array for key, array in tensors.items() if key.startswith(prefix)}
    try:
        return model.restore(state)
    except (KeyError, RuntimeError, ValueError) as error:
        words = " ".join(str(error).split())[:120]
        raise HeadroomError(
            f"{name}: the weights do not fit its settings ({words}); give the configuration that it was trained with, or train it again"
        ) from None
