"""Termination that waits for the step to end: SIGTERM and SIGINT are noted, and the training loop asks."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def termination() -> Iterator[Callable[[], str]]:
    """Yields a function that names the signal that has arrived, or is empty. Only the main thread can be asked this way."""
    arrived: list[str] = []

    def note(number: int, frame: FrameType | None) -> None:
        arrived.append(signal.Signals(number).name)

    inside = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, note) for number in SIGNALS} if inside else {}
    try:
        yield lambda: arrived[0] if arrived else ""
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
