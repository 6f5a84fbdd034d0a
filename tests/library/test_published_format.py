"""A lab's own neurons with labels: the published CSV layout and every other format, read alike and decoded by the overlay of the guide."""

import io
import re

import numpy as np
import pandas
import pytest
from fixtures.nwb_files import write_nwb
from ruamel.yaml import YAML

from headroom.catalog import ROOT, build
from headroom.config.loading import load
from headroom.config.reading import read
from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.core.randomness import streams
from headroom.simulators.grid_walk import GridWalk
from headroom.simulators.recording import Recording

PROJECT = ROOT.parents[1]
GUIDE = next(block for block in re.findall(r"```yaml\n(.*?)```", (PROJECT / "README.md").read_text(), re.S) if "data/my_cells.csv" in block)
CELLS, FRAMES, DT = 20, 900, 1 / 30


@pytest.fixture(scope="module")
def walk():
    made = GridWalk(neurons=CELLS, samples=FRAMES, tuning=1.0, rates=(10.0, 20.0)).simulate(streams(3, "simulate"))
    return made.states.values[0].astype(float), made.labels.values[0, :, 0].astype(int)


def table(walk, labels=True):
    """First column the frame's index, one column for each neuron, last column the label."""
    frame = pandas.DataFrame(walk[0], columns=[f"cell {number + 1}" for number in range(CELLS)])
    frame.insert(0, "frame", np.arange(FRAMES))
    return frame.assign(step=walk[1]) if labels else frame


def written(folder, suffix, walk):
    path = folder / f"my_cells.{suffix}"
    if suffix == "csv":
        table(walk).to_csv(path, index=False)
    elif suffix == "parquet":
        table(walk).to_parquet(path, index=False)
    elif suffix == "npz":
        np.savez(path, values=walk[0], labels=walk[1], dt=DT, channels=np.array(table(walk).columns[1:-1], str))
    else:
        from pynwb import TimeSeries

        def fill(content):
            for name, data in (("cells", walk[0]), ("step", walk[1])):
                content.add_acquisition(TimeSeries(name=name, data=data, unit="n.a.", rate=1 / DT))

        write_nwb(path, fill)
    return path


def settings(suffix):
    how = {"csv": {"ignore": ("frame",), "label": "step", "dt": DT}, "npz": {}, "nwb": {"series": "cells", "label": "step"}}
    return how.get(suffix, how["csv"])


@pytest.mark.parametrize("suffix", ["csv", "parquet", "npz", "nwb"])
def test_every_format_says_the_same(tmp_path, suffix, walk):
    if suffix == "nwb":
        pytest.importorskip("pynwb", reason="make extras")
    found = Recording(file=str(written(tmp_path, suffix, walk)), **settings(suffix)).read()
    np.testing.assert_allclose(found.states.values[0], walk[0])
    np.testing.assert_array_equal(found.labels.values[0, :, 0], walk[1])
    assert found.extras["label_names"].tolist() == ["0", "1", "2"] and found.states.dt == pytest.approx(DT)


def test_one_overlay_sends_it_through_the_decoders_of_the_study(tmp_path, walk):
    path = written(tmp_path, "csv", walk)
    overlay = tmp_path / "mine.yaml"
    overlay.write_text(GUIDE.replace("data/my_cells.csv", str(path)))
    config = load(read([PROJECT / "config.yaml", overlay]))
    ((name, study),) = config.studies.items()
    (selection,) = config.selections[name]
    made = build("simulators", config.specs["systems"][selection.systems[0]]).read()
    task, split = (build(f"{family}s", config.specs[f"{family}s"][getattr(selection, family)]) for family in ("task", "split"))
    dataset = split.apply(task.examples(made, made.states), task.target(made, made.states), made)
    right = {}
    for model in ("majority", "lda"):
        assert model in selection.models
        fitted, _ = build("models", config.specs["models"][model]).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))
        right[model] = (fitted.predict(dataset.test).point.argmax(axis=2) == dataset.test.targets().argmax(axis=2)).mean()
    assert right["lda"] > right["majority"] + 0.1
    assert set(YAML(typ="safe").load(io.StringIO(GUIDE))["only"]) == {name} and study.analyses


def test_without_labels_nothing_can_be_trained_and_the_error_says_what_is_missing(tmp_path, walk):
    path = tmp_path / "bare.csv"
    table(walk, labels=False).to_csv(path, index=False)
    made = Recording(file=str(path), ignore=("frame",), dt=DT).read()
    with pytest.raises(HeadroomError, match="decoding needs labels, and the recording has none"):
        build("tasks", {"kind": "decoding"}).target(made, made.states)


def test_a_wrong_cell_is_named_by_file_row_and_column(tmp_path, walk):
    path = tmp_path / "cells.csv"
    lines = table(walk).to_csv(index=False).splitlines()
    cells = lines[41].split(",")
    lines[41] = ",".join([*cells[:3], "much", *cells[4:]])
    path.write_text("\n".join(lines))
    with pytest.raises(HeadroomError, match=r"cells\.csv.*row 42.*cell 3.*much|cells\.csv.*42.*much"):
        Recording(file=str(path), **settings("csv")).read()
