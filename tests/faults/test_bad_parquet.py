"""Parquet recordings that cannot be used."""

import pytest
from fixtures.refusal import refusal

pa = pytest.importorskip("pyarrow")
COUNT = 30
GOOD = {"time": [0.1 * step for step in range(COUNT)], "a": [float(step**2) for step in range(COUNT)]}

BAD_TABLES = {  # name: (columns, metadata, settings, message after the path)
    "text_column": (
        {**GOOD, "note": ["x"] * COUNT},
        {},
        {},
        "column 'note': found type string; expected numbers; leave it out by `ignore: [note]`",
    ),
    "lists": (
        {**GOOD, "trace": [[1.0, 2.0]] * COUNT},
        {},
        {},
        "column 'trace': found type list<element: double>; expected numbers; leave it out by `ignore: [trace]`",
    ),
    "text_as_time": (
        {"time": ["soon"] * COUNT, "a": GOOD["a"]},
        {},
        {},
        "column 'time' (time): found type string; expected numbers [s] or dates",
    ),
    "text_as_trial": ({**GOOD, "trial": ["one"] * COUNT}, {}, {}, "column 'trial' (trial): found type string; expected whole numbers"),
    "no_rows": ({"a": pa.array([], pa.float64())}, {}, {}, "found 1 columns and no rows; expected one row per sample"),
    "null": (
        {**GOOD, "b": [None, *GOOD["a"][1:]]},
        {},
        {},
        "row 1, column 'b': found NaN or nothing; expected none, or set missing: interpolate or drop",
    ),
    "unknown_label": (GOOD, {}, {"label": "stage"}, "no column 'stage' (label); the file has: 'time', 'a'"),
    "no_interval": ({"a": GOOD["a"]}, {}, {"dt": None}, "no sampling interval; expected dt [s] in config.yaml, or time stamps in the file"),
    "interval_in_words": ({"a": GOOD["a"]}, {"dt": "fast"}, {}, "metadata 'dt': found 'fast'; expected a sampling interval [s]"),
    "only_time": ({"time": GOOD["time"]}, {}, {}, "found only the columns 'time'; expected at least one channel"),
}


def write(path, columns, metadata):
    from pyarrow import parquet

    parquet.write_table(pa.table(columns).replace_schema_metadata(metadata), path)


@pytest.mark.parametrize("name", BAD_TABLES)
def test_parquet_refused_before_any_job(tmp_path, name):
    columns, metadata, settings, expected = BAD_TABLES[name]
    path = tmp_path / "bad.parquet"
    write(path, columns, metadata)
    assert refusal(path, at_check=True, **settings) == expected


def test_two_columns_of_one_name_refused(tmp_path):
    from pyarrow import parquet

    path = tmp_path / "bad.parquet"
    parquet.write_table(pa.Table.from_arrays([pa.array([1.0]), pa.array([2.0])], names=["a", "a"]), path)
    assert refusal(path, at_check=True) == "two columns are called 'a'; expected different names"


@pytest.mark.parametrize("keep", [slice(None, -30), slice(40, None), slice(None, 6)])
def test_truncated_parquet_refused(tmp_path, keep):
    path = tmp_path / "cut.parquet"
    write(path, GOOD, {})
    path.write_bytes(path.read_bytes()[keep])
    message = refusal(path, at_check=True)
    assert message.startswith("cannot be read (") and message.endswith("); expected an intact Parquet file")


def test_csv_named_parquet_refused(tmp_path):
    path = tmp_path / "fake.parquet"
    path.write_text("a,b\n1,2\n3,4\n" * 10)
    assert "magic bytes" in refusal(path, at_check=True).lower()
