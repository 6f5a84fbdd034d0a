"""The overlays that README.md shows are good: each loads over config.yaml, and the tutorial's files are what its commands make."""

import io
import re

import pytest
from ruamel.yaml import YAML

from headroom.catalog import ROOT
from headroom.command._main import main
from headroom.config.loading import load
from headroom.config.reading import read

PROJECT = ROOT.parents[1]
BLOCKS = re.findall(r"```yaml\n(.*?)```", (PROJECT / "README.md").read_text(), re.S)
OVERLAYS = [block for block in BLOCKS if "studies:" in block]


@pytest.fixture
def example(tmp_path):
    path = tmp_path / "my_recording.csv"
    assert main(["example", "recording", str(path), "--trials", "4", "--samples", "300"]) == 0
    rows = [f"{frame},{frame * 7 % 5},{frame * 3 % 11},{frame // 9 % 3}" for frame in range(400)]
    (tmp_path / "my_cells.csv").write_text("\n".join(["frame,cell 1,cell 2,step", *rows]))
    return path


def test_there_are_overlays_to_try():
    assert len(OVERLAYS) == 3


@pytest.mark.parametrize("number", range(len(OVERLAYS)))
def test_an_overlay_of_the_guide_loads(number, example, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(OVERLAYS[number].replace("data/", f"{example.parent}/"))
    config = load(read([PROJECT / "config.yaml", PROJECT / "workflow" / "presets" / "smoke.yaml", path]))
    assert set(config.studies) == set(YAML(typ="safe").load(io.StringIO(OVERLAYS[number]))["studies"])
