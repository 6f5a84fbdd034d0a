"""Tables as Parquet files, and CSV for people. A job that only notes rows need not load pandas."""

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headroom.core.files import atomic, verify

if TYPE_CHECKING:
    from pandas import DataFrame


def save_rows(path: Path | str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows as Parquet (zstd); a column that a row lacks is null there."""
    import pyarrow
    from pyarrow import parquet

    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    with atomic(path) as temporary:
        parquet.write_table(pyarrow.table(columns), temporary, compression="zstd")


def load_rows(path: Path | str) -> list[dict[str, Any]]:
    """What `save_rows` wrote, the file's sum checked first; raises CorruptFile."""
    rows: list[dict[str, Any]] = _read(path).to_pylist()
    return rows


def save_table(path: Path | str, table: "DataFrame") -> None:
    """A table as Parquet (zstd), or CSV where the name ends so."""
    with atomic(path) as temporary:
        if str(path).endswith(".csv"):
            table.to_csv(temporary, index=False, float_format="%.10g")
        else:
            table.to_parquet(temporary, index=False, compression="zstd")


def save_tables(path: Path | str, tables: Iterator["DataFrame"], empty: "DataFrame") -> None:
    """Tables of the same columns as one Parquet file, one of them in memory at a time; `empty` where there are none."""
    from pyarrow import Table, parquet

    first = Table.from_pandas(next(tables, empty), preserve_index=False)
    with atomic(path) as temporary, parquet.ParquetWriter(temporary, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(Table.from_pandas(table, schema=first.schema, preserve_index=False))


def load_table(path: Path | str) -> "DataFrame":
    """A Parquet table, its sum checked first; raises CorruptFile."""
    return _read(path).to_pandas(use_threads=False)


def _read(path: Path | str) -> Any:
    """The file as a pyarrow table, read by this thread alone.

    A short job that ends while pyarrow's own reading threads wind down is aborted by the C++ runtime: seen in 2 % of such jobs.
    """
    from pyarrow import parquet

    return parquet.ParquetFile(io.BytesIO(verify(path).read_bytes()), pre_buffer=False).read(use_threads=False)
