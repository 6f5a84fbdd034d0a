"""Tables as Parquet files, and CSV for people."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from headroom.core.files import atomic, verify

if TYPE_CHECKING:
    from pandas import DataFrame


def save_table(path: Path | str, table: "DataFrame") -> None:
    """A table as Parquet (zstd), or CSV where the name ends so."""
    with atomic(path) as temporary:
        if str(path).endswith(".csv"):
            table.to_csv(temporary, index=False, float_format="%.10g")
        else:
            table.to_parquet(temporary, index=False, compression="zstd")


def load_table(path: Path | str) -> "DataFrame":
    """A Parquet table, its sum checked first; raises CorruptFile."""
    import pandas

    return pandas.read_parquet(io.BytesIO(verify(path).read_bytes()))
