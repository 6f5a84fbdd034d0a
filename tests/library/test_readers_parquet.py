"""Parquet files as pyarrow and pandas write them."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from fixtures.recordings import read
from pyarrow import parquet


@pytest.fixture
def values():
    return np.random.default_rng(6).standard_normal((3, 40, 2))


def columns(values):
    return {
        "trial": np.repeat([5, 6, 7], 40),
        "time": np.tile(np.arange(40) * 0.02, 3),
        "left": values[..., 0].ravel(),
        "right": values[..., 1].ravel(),
        "label": np.tile(np.repeat(["rest", "walk"], 20), 3),
    }


def test_columns_play_the_parts_that_they_play_in_csv(tmp_path, values):
    path = tmp_path / "rec.parquet"
    parquet.write_table(pa.table(columns(values)).replace_schema_metadata({"unit": "mV"}), path)
    recording = read(path)
    signal = recording.states
    assert np.array_equal(signal.values, values)
    assert (signal.dt, signal.channels, signal.unit) == (0.02, ("left", "right"), "mV")
    assert recording.extras["trial"].tolist() == [5, 6, 7]
    assert recording.extras["label_names"].tolist() == ["rest", "walk"]
    assert recording.labels.values[..., 0].tolist() == [[0] * 20 + [1] * 20] * 3


def test_csv_of_the_same_table_gives_the_same_recording(tmp_path, values):
    table = pd.DataFrame(columns(values))
    table.to_csv(tmp_path / "rec.csv", index=False)
    table.to_parquet(tmp_path / "rec.parquet")
    one, other = read(tmp_path / "rec.csv"), read(tmp_path / "rec.parquet")
    assert np.array_equal(one.states.values, other.states.values) and one.states.dt == other.states.dt
    assert np.array_equal(one.labels.values, other.labels.values)
    assert one.extras["label_names"].tolist() == other.extras["label_names"].tolist()


@pytest.mark.parametrize("kind", ["float32", "int16", "uint8", "bool"])
def test_types_of_numbers(tmp_path, kind):
    path = tmp_path / "rec.parquet"
    whole = [0, 1, 1, 0, 1]
    pd.DataFrame({"a": np.array(whole).astype(kind)}).to_parquet(path)
    assert read(path, dt=1.0).states.values.ravel().tolist() == whole


def test_nulls_are_missing(tmp_path):
    path = tmp_path / "rec.parquet"
    pd.DataFrame({"a": pd.array([0, 1, None, 4], dtype="Int64")}).to_parquet(path)
    assert read(path, dt=1.0, missing="interpolate").states.values.ravel().tolist() == [0, 1, 2.5, 4]


def test_categories_of_pandas_are_labels(tmp_path):
    path = tmp_path / "rec.parquet"
    pd.DataFrame({"a": [1.0, 4.0, 9.0], "label": pd.Categorical(["up", "down", "up"])}).to_parquet(path)
    recording = read(path, dt=1.0)
    assert recording.extras["label_names"].tolist() == ["down", "up"] and recording.labels.values.ravel().tolist() == [1, 0, 1]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_dates_are_seconds_since_the_first(tmp_path, unit):
    path = tmp_path / "rec.parquet"
    moments = pd.date_range("2024-05-01 10:00", periods=50, freq="40ms").astype(f"datetime64[{unit}]")
    pd.DataFrame({"time": moments, "a": np.arange(50.0) ** 2}).to_parquet(path)
    assert read(path).states.dt == 0.04


def test_interval_among_the_metadata(tmp_path):
    path = tmp_path / "rec.pq"
    parquet.write_table(pa.table({"a": [1.0, 3.0, 2.0]}).replace_schema_metadata({"dt": "0.004"}), path)
    assert read(path).states.dt == 0.004


def test_chosen_and_ignored_columns(tmp_path, values):
    path = tmp_path / "rec.parquet"
    parquet.write_table(pa.table({**columns(values), "comment": ["x"] * 120}), path)
    assert read(path, ignore=("comment", "right")).states.channels == ("left",)
    assert read(path, channels=("right",)).states.channels == ("right",)
