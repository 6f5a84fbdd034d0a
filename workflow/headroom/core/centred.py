"""The middle of a window: what lies within some samples of the moment that is asked for."""

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples


def reach_of(name: str, examples: Examples, context: int | None) -> int:
    """Samples either side that a model of this context reads; None: all that the windows show evenly.

    Raises HeadroomError where the windows show less than the context.
    """
    offset = examples.offsets[0]
    shown = min(-offset, examples.length - 1 + offset)
    if shown < 0 or (context is not None and context > shown):
        wanted = f"reads {context} samples either side" if context is not None else "reads about the moment asked for"
        raise HeadroomError(f"{name}: {wanted}, and the task shows {max(shown, 0)}; lower its context or widen the task's window")
    return shown if context is None else context


def about(length: int, offset: int, reach: int) -> slice:
    """The steps of a window of `length` within `reach` of the moment `offset` samples after its last one."""
    moment = length - 1 + offset
    return slice(moment - reach, moment + reach + 1)
