"""What reruns when: exactly the jobs that must, each time."""

import os
import shutil
import subprocess

STUDY = {"summarise": 1, "collect": 1, "analyse": 2, "draw": 2, "report": 1}  # what follows every changed score


def test_nothing_after_a_full_run(finished):
    assert finished.planned() == {}


def test_a_noise_level_added(project):
    project.edit("config.yaml", "[0.1, 0.3]", "[0.1, 0.3, 0.5]")
    assert project.planned() == STUDY | {"observe": 1, "dataset": 1, "train": 3, "evaluate": 1, "ceiling": 1}


def test_a_learning_rate_changed(project):
    project.edit("config.yaml", "{steps: 20,", "{learning_rate: 0.002, steps: 20,")
    assert project.planned() == STUDY | {"train": 2, "evaluate": 2}


def test_a_default_written_out(project):
    project.edit("config.yaml", "{steps: 20,", "{learning_rate: 0.001, steps: 20,")
    assert project.planned() == {}


def test_a_seed_added(project):
    project.edit("config.yaml", "seeds: 2", "seeds: 3")
    assert project.planned() == STUDY | {"train": 2, "evaluate": 2}
    project.run()
    logs = list((project.folder / "results/logs/train").rglob("lstm/seeds_0-2.log"))
    assert len(logs) == 2
    for log in logs:
        assert log.read_text().count("finished before") == 2, "two of three seeds stood already"


def test_a_colour_changed(project):
    project.edit("workflow/headroom/analyses/_style.py", '"#0072B2"', '"#0072B3"')
    assert project.planned() == {"draw": 1, "report": 1}, "training_curves has no colour of the palette"


def test_a_simulator_edited(project):
    project.edit("workflow/headroom/simulators/kuramoto.py", "range(self.samples)", "range(0, self.samples)")
    everything = {"simulate": 1, "observe": 2, "dataset": 2, "train": 6, "evaluate": 2, "ceiling": 2}
    assert project.planned() == STUDY | everything


def test_a_library_module_edited(project):
    project.edit("workflow/headroom/models/_ridge.py", "import numpy as np", "import numpy as np\n\nUNUSED = 1")
    assert project.planned() == STUDY | {"train": 2, "evaluate": 2}


def test_a_comment_and_a_docstring_edited(project):
    with open(project.folder / "workflow/headroom/core/files.py", "a") as handle:
        handle.write("\n# a comment\n")
    project.edit("workflow/headroom/models/ridge_var.py", '"""', '"""Edited: ')
    project.edit("workflow/scripts/4_train.py", '"""Fit one', '"""Edited: fit one')
    assert project.planned() == {}


def test_everything_touched(project):
    large = project.folder / "results/1_recordings/kuramoto/recording.npz"
    for number, path in enumerate(sorted(project.folder.rglob("*"))):
        if path.is_file() and ".snakemake" not in path.parts:
            os.utime(path, (1e9 + number * 977 % 4001,) * 2)
    assert large.exists()
    assert project.planned() == {}


def test_files_above_a_megabyte_touched(project):
    project.edit("config.yaml", "samples: 400", "samples: 12000")
    dataset = "results/3_datasets/kuramoto/identity/white_0.1/forecast/by_block/dataset.npz"
    project.run(dataset)
    assert (project.folder / dataset).stat().st_size > 1_000_000
    os.utime(project.folder / "results/1_recordings/kuramoto/recording.npz")
    assert project.planned(dataset) == {}


def test_a_fresh_clone_over_existing_results(project, tmp_path):
    subprocess.run(["cp", "-r", project.folder, tmp_path / "clone"], check=True)  # new file times for everything
    project.folder = tmp_path / "clone"
    assert project.planned() == {}


def test_results_without_their_bookkeeping(project):
    """README says so: file times alone decide then, and a changed setting goes unnoticed."""
    shutil.rmtree(project.folder / ".snakemake")
    project.edit("config.yaml", "{steps: 20,", "{steps: 21,")
    assert project.planned() == {}
    os.utime(project.folder / "results/1_recordings/kuramoto/recording.npz")
    assert project.planned()["observe"] == 2


def test_a_locked_version_changed(project):
    lock = project.folder / "requirements.lock"
    version = next(line for line in lock.read_text().splitlines() if line.startswith("torch=="))
    project.edit("requirements.lock", version, "torch==2.13.1")
    assert project.planned() == STUDY | {"train": 2, "evaluate": 2}


def test_an_unused_locked_version_changed(project):
    version = next(line for line in (project.folder / "requirements.lock").read_text().splitlines() if line.startswith("rich=="))
    project.edit("requirements.lock", version, "rich==99.0")
    assert project.planned() == {}


def test_a_changed_result_is_not_trusted(project):
    dataset = project.folder / "results/3_datasets/kuramoto/identity/white_0.1/forecast/by_block/dataset.npz"
    dataset.unlink()
    planned = project.planned()
    assert planned == {}, "a missing intermediate whose descendants stand is not remade"


def test_one_study_one_figure_one_file(project):
    shutil.rmtree(project.folder / "results/6_analyses/tiny/traces")
    assert project.planned("tiny") == {"analyse": 1, "draw": 1, "page": 1}
    assert project.planned("results/summary.parquet") == {}
