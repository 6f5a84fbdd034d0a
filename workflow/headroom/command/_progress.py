"""A line that says how far long work is: on a terminal it is written over, elsewhere it comes every ten seconds."""

import sys
import time
from types import TracebackType


class Progress:
    """Counts bytes of a total; silent for the first second."""

    def __init__(self, verb: str, total: int) -> None:
        self.verb, self.total = verb, total
        self.done = 0
        self.terminal = sys.stderr.isatty()
        self.due = time.monotonic() + 1.0
        self.shown = False

    def add(self, size: int) -> None:
        """So many bytes more."""
        self.done += size
        if time.monotonic() >= self.due:
            self._show()

    def _show(self) -> None:
        line = f"{self.verb} {self.done / 1e6:,.0f} of {self.total / 1e6:,.0f} MB"
        print(f"\r{line}" if self.terminal else line, end="" if self.terminal else "\n", file=sys.stderr, flush=True)
        self.due = time.monotonic() + (0.2 if self.terminal else 10.0)
        self.shown = True

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.shown and self.terminal:
            print(file=sys.stderr)
