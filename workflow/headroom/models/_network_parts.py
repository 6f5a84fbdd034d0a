"""What models of whole windows have in common: settings of their training, and the shapes that their modules are built with."""

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples


def one_answer(name: str, examples: Examples) -> None:
    """Raises HeadroomError where more than one moment is asked for in each window."""
    if len(examples.offsets) != 1:
        raise HeadroomError(
            f"{name}: found {len(examples.offsets)} offsets; expected the one of a whole window, as the task inference asks"
        )
