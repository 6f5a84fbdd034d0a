"""`headroom check` on a finished project: what it finds, and that a repair runs the jobs of the broken files and no others."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from fixtures.project import new_project

CONDITION = "kuramoto/identity/white_0.1/forecast/by_block"
DATASET = f"results/3_datasets/{CONDITION}/dataset.npz"
WEIGHTS = f"results/4_models/{CONDITION}/lstm/seeds_0-1/weights.safetensors"
FIGURE = "results/6_analyses/tiny/traces/traces.png"
TABLE = "results/6_analyses/tiny/traces/table.parquet"
DIFFERS = "differs from the SHA-256 sum that its job recorded"


def check(project, *arguments):
    """Run `headroom check` in the project; its whole output as text."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    command = [sys.executable, "workflow/scripts/command.py", "check", *arguments]
    done = subprocess.run(command, cwd=project.folder, env=environment, check=False, **told)
    assert "Traceback" not in done.stdout
    return done


def summary(done):
    return re.search(r"(\d+) broken, (\d+) not made yet", done.stdout)[0]


def jobs(done):
    """How many jobs of each rule a repair ran."""
    counts = re.findall(r"^(\w+) +(\d+)$", done.stdout, re.M)
    return {rule: int(count) for rule, count in counts if rule != "total"}


def flip(project, file):
    """Another bit in the middle, the file's time as it was."""
    path = project.folder / file
    content, times = bytearray(path.read_bytes()), path.stat()
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_a_finished_project_is_whole_and_complete(project):
    done = check(project, "--complete")
    assert done.returncode == 0 and summary(done) == "0 broken, 0 not made yet", done.stdout


def test_a_flipped_byte_is_named_with_its_rule_and_repaired_by_one_job(project):
    flip(project, DATASET)
    assert project.planned() == {}, "snakemake itself sees nothing"
    done = check(project)
    assert done.returncode == 1 and summary(done) == "1 broken, 0 not made yet"
    assert f"{DATASET}: {DIFFERS}; rule dataset makes it again: snakemake --cores 1 --force {DATASET}\n" in done.stdout
    repaired = check(project, "--repair")
    assert repaired.returncode == 0 and jobs(repaired) == {"dataset": 1}, repaired.stdout
    assert "1 of 1 repaired, all whole" in repaired.stdout
    assert project.planned() == {}, "what rests on it stays: its bytes are as they were"


def test_a_repair_runs_just_the_jobs_of_what_is_broken_however_they_rest_on_each_other(project):
    for file in (WEIGHTS, TABLE):
        flip(project, file)
    shutil.rmtree(project.folder / "results/1_recordings")
    os.truncate(project.folder / FIGURE, 1000)
    (project.folder / "results/collect.manifest.json").write_text("{")
    repaired = check(project, "--repair")
    assert repaired.returncode == 0, repaired.stdout
    assert jobs(repaired) == {"simulate": 1, "train": 1, "collect": 1, "analyse": 1, "draw": 1}
    assert f"{FIGURE}: has 1000 bytes, its job wrote" in repaired.stdout
    done = check(project, "--complete")
    assert done.returncode == 0 and summary(done) == "0 broken, 0 not made yet", done.stdout
    assert project.planned() == {}


def test_damaged_kept_fits_and_half_written_files_are_removed(project):
    state = project.folder / "results/training_state"
    damaged = sorted(state.glob("*/weights.safetensors"))[0]
    damaged.write_bytes(damaged.read_bytes() + b"x")
    half = project.folder / "results/.summary.csv.999999999.part"
    half.write_text("stu")
    done = check(project, "--repair")
    assert done.returncode == 0 and "2 of 2 repaired, all whole" in done.stdout, done.stdout
    assert jobs(done) == {} and not half.exists() and not damaged.parent.exists()
    assert len(list(state.iterdir())) > 1


def test_what_was_never_made_is_counted_and_no_fault(project):
    done = check(project, "--config", "results=elsewhere")
    assert done.returncode == 0 and re.search(r"^0 files checked, 0.0 MB: 0 broken, [1-9]\d+ not made yet", done.stdout, re.M)
    assert check(project, "--config", "results=elsewhere", "--complete").returncode == 1


def test_a_repair_that_cannot_start_says_so_and_takes_nothing_away(project):
    flip(project, FIGURE)
    before = (project.folder / FIGURE).read_bytes()
    (project.folder / ".snakemake/locks").mkdir(exist_ok=True)
    (project.folder / ".snakemake/locks/0.output.lock").write_text(f"{FIGURE}\n")
    done = check(project, "--repair")
    assert done.returncode == 1 and "snakemake stopped, see above; 0 of 1 repaired, 1 still broken" in done.stdout, done.stdout
    assert (project.folder / FIGURE).read_bytes() == before


@pytest.mark.parametrize("old, new", [("levels: [0.1, 0.3]", "levels: [-0.1, 0.3]"), ("seed: 7", "sead: 7")])
def test_a_bad_configuration_is_told_as_ever(old, new, tmp_path):
    project = new_project(tmp_path / "tree")
    project.edit("config.yaml", old, new)
    done = check(project)
    assert done.returncode == 1 and done.stdout.startswith("headroom: the configuration has 1 problem; nothing was started:\n")
