"""Same bytes on one core and two; a flipped byte is found; a killed run goes on where it stood."""

import os
import signal
import subprocess
import sys
import time

from fixtures.project import new_project


def test_the_same_bytes_on_one_core_and_two(finished, tmp_path):
    alone = new_project(tmp_path / "alone")
    alone.run("--cores", "1")
    expected = finished.sums()
    assert len(expected) > 20
    assert alone.sums() == expected


def test_a_flipped_byte_is_found(project):
    dataset = project.folder / "results/3_datasets/kuramoto/identity/white_0.1/forecast/by_block/dataset.npz"
    content, times = bytearray(dataset.read_bytes()), dataset.stat()
    content[len(content) // 2] ^= 1
    dataset.write_bytes(content)
    os.utime(dataset, ns=(times.st_atime_ns, times.st_mtime_ns))
    done = project.run("--forcerun", "evaluate", "--", "results/summary.csv", check=False)
    assert done.returncode != 0
    assert "dataset.npz: differs from the SHA-256 sum that its job recorded; remake it with: headroom check --repair" in done.stdout
    assert "(rule dataset)" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_killed_run_goes_on_where_it_stood(project, tmp_path):
    project.edit("config.yaml", "{steps: 20,", "{steps: 1200,")
    weights = "results/4_models/kuramoto/identity/white_0.1/forecast/by_block/lstm/seeds_0-1/weights.safetensors"
    whole = project.copy(tmp_path / "whole")
    whole.run(weights)
    expected = (whole.folder / weights).read_bytes()
    _kill_in_training(project, weights)
    project.run("--unlock")  # a killed snakemake leaves its lock, and says so
    assert project.planned(weights) == {"train": 1}
    project.run(weights)
    assert (project.folder / weights).read_bytes() == expected
    assert project.planned(weights) == {}


def _kill_in_training(project, weights):
    """Start a run and kill -9 all of it once the first seed's checkpoint stands."""
    command = [sys.executable, "-m", "snakemake", "--cores", "1", weights]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen(command, cwd=project.folder, start_new_session=True, **quiet)
    state = project.folder / "results/training_state"
    before = {path for path in state.rglob("finished.manifest.json")}
    deadline = time.monotonic() + 300
    while not {path for path in state.rglob("finished.manifest.json")} - before:
        assert running.poll() is None and time.monotonic() < deadline, "the first seed never finished"
        time.sleep(0.05)
    time.sleep(0.5)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def test_two_runs_in_one_folder(project):
    """The second stops with words, not with broken files."""
    lock = subprocess.run([sys.executable, "-m", "snakemake", "--help"], capture_output=True, text=True, check=True).stdout
    assert "--unlock" in lock
    (project.folder / ".snakemake/locks").mkdir(exist_ok=True)
    (project.folder / ".snakemake/locks/0.output.lock").write_text("results/report.html\nresults/summary.csv\n")
    done = project.run("--forceall", "results/summary.csv", check=False)
    assert done.returncode != 0
    assert "locked" in done.stdout.lower()


def test_a_bad_configuration_stops_before_any_job(project):
    project.edit("config.yaml", "levels: [0.1, 0.3]", "levels: [-0.1, 0.3]")
    started = time.monotonic()
    done = project.run(check=False)
    assert done.returncode != 0
    assert "the configuration has 1 problem; nothing was started:\n  studies.tiny.levels[0]: found -0.1" in done.stdout
    assert "Traceback" not in done.stdout
    assert time.monotonic() - started < 6, "snakemake's own start included"


def test_a_folder_with_a_space_and_an_umlaut(tmp_path):
    project = new_project(tmp_path / "Größe und Raum")
    project.run("results/summary.csv")
    assert (project.folder / "results/summary.csv").read_text().startswith("study,system")


def test_lint_is_clean(finished):
    assert "Congratulations" in finished.run("--lint").stdout
