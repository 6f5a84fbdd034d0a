"""Jobs that train networks spread over the GPUs of one machine, one on each unless told otherwise. The GPUs are faked, the rest is real."""

import os
import subprocess

import pytest
from fixtures.project import ROOT, new_project

SOURCED = ROOT / "workflow" / "scripts" / "on_a_device.sh"
WATCHED = 'echo "start $CUDA_VISIBLE_DEVICES" >> seen; sleep 0.3; echo "end $CUDA_VISIBLE_DEVICES" >> seen'
AS_IF_CUDA = """    import os, time
    from pathlib import Path
    seen = Path(os.environ["SEEN"])
    (seen / f"{os.getpid()} {os.environ.get('CUDA_VISIBLE_DEVICES', 'all')}").touch()
    end = time.monotonic() + 60
    while len(list(seen.iterdir())) < 2 and time.monotonic() < end:
        time.sleep(0.1)
    device = "cpu"
    there = {"""


@pytest.fixture
def machine(tmp_path):
    """The environment of a machine with two GPUs, whose nvidia-smi says so."""
    program = tmp_path / "bin" / "nvidia-smi"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nprintf '0\\n1\\n'\n")
    program.chmod(0o755)
    found = {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "HEADROOM_LOCKS": str(tmp_path / "locks")}
    return {name: value for name, value in os.environ.items() if not name.startswith(("SLURM", "CUDA", "JOBS_PER"))} | found


def job(command, folder, mark="gpu_of_its_own"):
    """What Snakemake runs: the sourced file, and a command that names its script at the end."""
    script = folder / "a b" / ".snakemake" / "scripts" / "tmp0.4_train.py"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_bytes(b"pickled \x80" + mark.encode())
    return ["bash", "-c", f"set -euo pipefail; source '{SOURCED}'; {command}; : '{script}'"]


def side_by_side(folder, environment, jobs=6):
    """The most jobs at once on each device, of so many started together."""
    command = job(WATCHED, folder)
    running = [subprocess.Popen(command, cwd=folder / "a b", env=environment) for _ in range(jobs)]
    assert [process.wait(60) for process in running] == [0] * jobs
    now, most = {}, {}
    for line in (folder / "a b" / "seen").read_text().splitlines():
        what, _, device = line.partition(" ")
        now[device] = now.get(device, 0) + (1 if what == "start" else -1)
        most[device] = max(most.get(device, 0), now[device])
    return most


def test_never_two_jobs_on_a_device(machine, tmp_path):
    assert side_by_side(tmp_path, machine) == {"0": 1, "1": 1}


def test_two_jobs_on_a_device_when_told(machine, tmp_path):
    assert side_by_side(tmp_path, machine | {"JOBS_PER_DEVICE": "2"}) == {"0": 2, "1": 2}


def test_only_the_devices_that_may_be_used(machine, tmp_path):
    assert side_by_side(tmp_path, machine | {"CUDA_VISIBLE_DEVICES": "1"}, 3) == {"1": 1}


def test_a_killed_job_gives_its_device_back(machine, tmp_path):
    one = machine | {"CUDA_VISIBLE_DEVICES": "1"}
    command = job("echo held; exec sleep 60", tmp_path)
    held = subprocess.Popen(command, cwd=tmp_path / "a b", env=one, stdout=subprocess.PIPE, text=True)
    assert held.stdout.readline() == "held\n"
    held.kill()
    held.wait()
    done = subprocess.run(job("exit 7", tmp_path), cwd=tmp_path / "a b", env=one, timeout=20, check=False)
    assert done.returncode == 7, "and the job's own exit code comes through"


def test_others_are_left_alone(machine, tmp_path):
    cases = {
        "a job of Slurm": (machine | {"SLURM_JOB_ID": "1"}, "gpu_of_its_own"),
        "a machine without GPUs": (machine | {"PATH": "/usr/bin:/bin"}, "gpu_of_its_own"),
        "a model that is no network": (machine, "none"),
    }
    for name, (environment, mark) in cases.items():
        command = job("echo ${CUDA_VISIBLE_DEVICES-all}", tmp_path, mark)
        done = subprocess.run(command, cwd=tmp_path / "a b", env=environment, capture_output=True, text=True, check=True)
        assert done.stdout == "all\n", name


def test_the_profile_trains_on_both_at_once(machine, tmp_path):
    project = new_project(tmp_path / "tree")
    project.edit("workflow/headroom/networks/device.py", "    there = {", AS_IF_CUDA)
    (tmp_path / "seen").mkdir()
    weights = [f"results/4_models/kuramoto/identity/white_{level}/forecast/by_block/{{}}/weights.safetensors" for level in (0.1, 0.3)]
    targets = [path.format(model) for path in weights for model in ("lstm/seeds_0-1", "ridge_var/once")]
    project.run("--profile", "profiles/gpu", *targets, environment=machine | {"SEEN": str(tmp_path / "seen")})
    devices = sorted(path.name.split()[1] for path in (tmp_path / "seen").iterdir())
    assert devices == ["0", "1"]
    assert sorted(path.name for path in (tmp_path / "locks").iterdir()) == ["0.1", "1.1"], "ridge regression asked for none"


def test_other_configuration_on_the_command_line_is_warned_of(tmp_path):
    project = new_project(tmp_path / "tree")
    told = ("-n", "--profile", "profiles/gpu")
    replaced = project.run(*told, "--config", "seed=3")
    assert "add device=cuda" in replaced.stdout
    assert "add device=cuda" not in project.run(*told).stdout
