"""Ask a model about every window, write the rows as they come, and tally them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headroom.core.examples import Examples
from headroom.core.files import atomic
from headroom.core.protocols import Fitted
from headroom.prediction.answers import Ask, answer
from headroom.prediction.rows import Rows
from headroom.prediction.scoring import FLOOR, MODEL, Tally, Trivial
from headroom.prediction.windows import portions, truth

if TYPE_CHECKING:
    from pyarrow import Table

VALUES_AT_ONCE = 4_000_000
"""Numbers that one portion holds: 32 MB, however long the recording."""


@dataclass(frozen=True)
class Job:
    """A model, and what it is asked about."""

    fitted: Fitted
    examples: Examples
    ask: Ask
    rows: Rows
    floor: Trivial | None
    part: np.ndarray  # (example,): place in PARTS, -1 for none
    rng: np.random.Generator

    def write(self, path: Path, tally: Tally, notes: Mapping[str, str]) -> int:
        """Parquet (zstd) with notes in its metadata; the number of rows. Nothing is left at `path` where something fails."""
        from pyarrow import parquet

        count = 0
        with atomic(path) as temporary:
            writer = None
            for index in portions(self.examples, self._size()):
                table = self._portion(index, tally)
                if writer is None:
                    writer = parquet.ParquetWriter(temporary, table.schema.with_metadata(dict(notes)), compression="zstd")
                writer.write_table(table.replace_schema_metadata(dict(notes)))
                count += len(table)
            assert writer is not None, "a recording holds at least one window"
            writer.close()
        return count

    def _portion(self, index: np.ndarray, tally: Tally) -> "Table":
        examples, part = self.examples.take(index), self.part[index]
        found = answer(self.fitted, examples, self.ask, self.rng)
        true = truth(examples, self.rows.offsets)
        tally.add(MODEL, found.point, true, part)
        if self.floor is not None:
            tally.add(FLOOR, self.floor.point(examples, len(self.rows.offsets)), true, part)
        if found.draws is not None:
            quantiles = found.quantiles()
            tally.add_interval(quantiles["q05"], quantiles["q95"], true)
        return self.rows.table(examples, found, true, part)

    def _size(self) -> int:
        """Examples in a portion."""
        channels = len(self.examples.inputs.channels)
        answers = len(self.rows.offsets) * len(self.rows.target.names) * (2 + self.ask.draws)
        return max(1, VALUES_AT_ONCE // (answers + (self.examples.length + self.ask.rollout) * channels))
