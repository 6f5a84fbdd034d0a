"""The classic network is simulated where it is asked for by name, and only then; smaller ones stand in where a configuration has some."""

import pandas
from fixtures.project import new_project

SMALL = """
systems:
  little_clocks: {kind: brunel_classic, neurons: 500, weight: 2.5, duration: 0.5, observed: 60, inhibition: 3.0}
  little_noise: {kind: brunel_classic, neurons: 500, weight: 2.5, duration: 0.5, observed: 60}
"""


def test_the_classic_network_on_request(tmp_path):
    project = new_project(tmp_path / "tree")
    (project.folder / "small.yaml").write_text(SMALL)
    asked = ("classic_network", "--configfile", "small.yaml")
    assert not any(rule.startswith("classic") for rule in project.planned("all"))
    assert project.planned("classic_network") == {"classic_regimes": 1, "classic_network": 1}, "without any system of its kind: the paper's"
    done = project.run(*asked)
    assert "simulate little_clocks, little_noise" in done.stdout
    made = project.folder / "results" / "6_analyses"
    table = pandas.read_parquet(made / "classic_network.parquet").groupby("system").first()
    assert list(table.index) == ["little_clocks", "little_noise"]
    assert table["cv"]["little_clocks"] < table["cv"]["little_noise"]
    assert (made / "classic_network.png").read_bytes()[:4] == b"\x89PNG"
    assert (made / "classic_regimes.manifest.json").exists() and (made / "classic_network.manifest.json").exists()
    assert project.planned(*asked) == {}
    project.edit("small.yaml", "inhibition: 3.0", "inhibition: 3.1")
    assert project.planned(*asked) == {"classic_regimes": 1, "classic_network": 1}, "other settings, another table"
