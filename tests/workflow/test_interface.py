"""What a Snakemake user tries first: overlays, single values, Snakemake's own report."""

import zipfile

import pytest

EVERYTHING = {"simulate": 1, "observe": 2, "dataset": 2, "train": 6, "evaluate": 2, "ceiling": 2}


def test_a_single_value(project):
    planned = project.planned("--config", "seed=8")
    assert EVERYTHING.items() <= planned.items(), "another seed draws everything again"


def test_an_overlay(project):
    (project.folder / "mine.yaml").write_text("studies:\n  tiny:\n    levels: [0.1, 0.3, 0.4]\n")
    assert project.planned("--configfile", "mine.yaml")["observe"] == 1


def test_an_overlay_with_a_mistake_is_refused(project):
    (project.folder / "mine.yaml").write_text("studies:\n  tiny:\n    levles: [0.1]\n")
    done = project.run("--configfile", "mine.yaml", "-n", check=False)
    assert done.returncode != 0
    assert "studies.tiny.levles: unknown key; did you mean 'levels'?" in done.stdout


def test_one_file_and_one_study(project):
    (project.folder / "results/6_analyses/tiny/traces/traces.png").unlink()
    assert project.planned("tiny") == {"draw": 1, "page": 1}
    assert project.planned("results/6_analyses/tiny/traces/traces.png") == {"draw": 1}
    assert project.planned("results/summary.csv") == {}


@pytest.mark.parametrize("words", [["nosuch"], ["tiny", "nosuch"], ["--", "nosuch"]])
def test_a_study_that_is_not_there_is_told_by_name(finished, words):
    done = finished.run("-n", *words, check=False)
    assert done.returncode != 0 and "MissingRule" not in done.stdout
    assert "found the target 'nosuch', which is no study; expected one of: tiny" in done.stdout, done.stdout


def test_values_of_options_are_no_targets(finished):
    assert finished.run("-n", "--quiet", "host", "--scheduler", "greedy", "--executor", "local", check=False).returncode == 0


def test_snakemakes_own_report(finished, tmp_path):
    finished.run("--report", tmp_path / "report.zip")
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        page = next(name for name in archive.namelist() if name.endswith("report.html"))
        text = archive.read(page).decode()
    assert "traces.png" in text and "training_curves.png" in text


def test_every_rule_says_what_it_does(finished):
    listed = finished.run("--list-rules").stdout
    for rule in EVERYTHING:
        assert rule in listed


def test_outputs_say_what_was_made(finished):
    results = finished.folder / "results"
    page = (results / "7_report/report.html").read_text()
    assert "Does every stage run?" in page and "http://" not in page.replace("http://www.w3.org", "")
    header = (results / "summary.csv").read_text().splitlines()[0].split(",")
    expected = "study system sensor noise trained_noise task horizon split model role metric unit target mean low high seeds"
    assert header == [*expected.split(), "floor", "linear", "ceiling", "ceiling_name", "skill", "note"]
    for rule in ("simulate", "observe", "dataset", "train", "evaluate", "ceiling", "summarise", "collect", "analyse", "draw", "report"):
        assert list((results / "logs" / rule).rglob("*.log")), f"{rule} has no log"
        assert list((results / "benchmarks" / rule).rglob("*.tsv")), f"{rule} has no benchmark"
    epochs = next((results / "logs/train").rglob("lstm/*.log")).read_text()
    assert "epoch" in epochs and "step 20/20" in epochs and "learning rate" in epochs
