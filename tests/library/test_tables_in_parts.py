"""A Parquet file written table by table reads as their concatenation, also where their categories differ."""

import numpy as np
import pandas

from headroom.core.files import write_manifest
from headroom.core.tables import load_table, save_table, save_tables
from headroom.scores.tally import join, text


def part(model, noise=None):
    same = np.zeros(4, np.int8)
    return pandas.DataFrame({"model": text(same, [model]), "noise": text(same, [noise]), "lag": 0.1 * np.arange(4)})


def read(folder, name="table.parquet"):
    write_manifest(folder / "x.manifest.json", "x", [folder / name])
    return load_table(folder / name)


def test_tables_in_parts_are_their_concatenation(tmp_path):
    parts = [part("ridge"), part("lstm"), part("ridge")]
    save_tables(tmp_path / "table.parquet", iter(parts), part("none"))
    found, whole = read(tmp_path), join(parts)
    assert list(found["model"]) == list(whole["model"]) and found["noise"].isna().all()
    assert isinstance(found["model"].dtype, pandas.CategoricalDtype)
    np.testing.assert_array_equal(found["lag"], whole["lag"])


def test_no_parts_give_the_empty_table_as_it_is_always_written(tmp_path):
    empty = pandas.DataFrame().assign(system="net", noise=None)
    save_tables(tmp_path / "table.parquet", iter(()), empty)
    one = read(tmp_path)
    save_table(tmp_path / "table.parquet", empty)
    pandas.testing.assert_frame_equal(one, read(tmp_path))
    assert list(one.columns) == ["system", "noise"] and one.empty
