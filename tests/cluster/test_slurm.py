"""The pipeline on a real Slurm: the same bytes as at home, few submissions, and nothing lost to a dead node, a full memory or Ctrl-C."""

import json
import re
import signal
import time

import pytest
from fixtures.project import ROOT, new_project
from fixtures.slurm import until

SMOKE = ("--configfile", "workflow/presets/smoke.yaml")
CONDITION = "kuramoto/identity/white_0.1/forecast/by_block"
WEIGHTS = f"results/4_models/{CONDITION}/lstm/seeds_0-0/weights.safetensors"
AS_IF_CUDA = """    from pathlib import Path
    Path("seen").write_text(os.environ.get("CUDA_VISIBLE_DEVICES", "none"))
    device = "cpu"
    there = {"""
LOG = f"results/logs/train/{CONDITION}/lstm/seeds_0-0.log"


@pytest.fixture(scope="module")
def at_home(tmp_path_factory):
    """A project with one fit that takes long enough to be interrupted, finished on this machine, and its weights."""
    project = new_project(tmp_path_factory.mktemp("home") / "tree")
    project.edit("config.yaml", "seeds: 2", "seeds: 1")
    project.edit("config.yaml", "{steps: 20,", "{steps: 16000,")
    project.edit("workflow/headroom/networks/engine.py", "CHECKPOINT_SECONDS = 20.0", "CHECKPOINT_SECONDS = 1.0")
    project.run(f"results/3_datasets/{CONDITION}/dataset.npz")
    before = project.copy(tmp_path_factory.mktemp("before") / "tree")
    project.run(WEIGHTS)
    return before, (project.folder / WEIGHTS).read_bytes()


@pytest.fixture(scope="module", autouse=True)
def smoke(request, slurm, through, tmp_path_factory):
    """The smoke preset on its way through the cluster, mostly waiting, while other tests run; its project, process and output."""
    if not any(item.name == "test_the_smoke_preset_gives_the_same_bytes" for item in request.session.items):
        yield None
        return
    arguments, environment = through
    folder = tmp_path_factory.mktemp("smoke")
    project = new_project(folder / "tree", ROOT / "config.yaml")
    with open(folder / "output.txt", "w") as output:
        process = project.start(*arguments, *SMOKE, environment=environment, output=output)
    yield project, process, folder / "output.txt"
    process.kill()


def test_more_memory_after_too_little(slurm, through, tmp_path):
    arguments, environment = through
    project = new_project(tmp_path / "tree")
    project.edit("workflow/headroom/planning/requests.py", "BESIDE = 500", "BESIDE = 20")
    project.edit("workflow/headroom/planning/requests.py", "MARGIN = 1.5", "MARGIN = 0.1")
    recording = "results/1_recordings/kuramoto/recording.npz"
    output = project.run(*arguments, recording, environment=environment).stdout
    assert (project.folder / recording).exists()
    asked = [int(re.search(r"--mem (\d+)", call)[1]) for call in slurm.submissions(project.folder)]
    assert len(asked) > 1 and asked == [attempt * asked[0] for attempt in range(1, len(asked) + 1)]
    assert "Trying to restart" in output


def test_a_network_gets_the_gpu_that_it_asks_for(slurm, through, at_home, tmp_path):
    arguments, environment = through
    project = at_home[0].copy(tmp_path / "tree")
    project.edit("config.yaml", "{steps: 16000,", "{steps: 20,")
    project.edit("workflow/headroom/networks/device.py", "    there = {", AS_IF_CUDA)
    project.run(*arguments, WEIGHTS, "--config", "device=cuda", environment=environment)
    (call,) = slurm.submissions(project.folder)
    assert "--gpus=1" in call
    assert (project.folder / "seen").read_text() == "0"


def test_the_smoke_preset_gives_the_same_bytes(smoke, slurm, tmp_path):
    cluster, process, output = smoke
    home = new_project(tmp_path / "home", ROOT / "config.yaml")
    home.run(*SMOKE)
    assert process.wait(900) == 0, output.read_text()[-4000:]
    assert 0 < len(slurm.submissions(cluster.folder)) <= 60
    expected = home.sums()
    assert len(expected) > 60
    assert cluster.sums() == expected
    assert cluster.planned(*SMOKE) == {}, "the rerun triggers of profiles/default hold"


def test_a_killed_node_and_an_interrupted_run_cost_seconds(slurm, through, at_home, tmp_path):
    arguments, environment = through
    before, expected = at_home
    project = before.copy(tmp_path / "tree")
    log = project.folder / LOG
    with open(tmp_path / "output.txt", "w") as output:
        process = project.start(*arguments, WEIGHTS, environment=environment, output=output)
    try:
        _until_checkpoint(project)
        number, node = next(iter(slurm.running().items()))
        slurm.kill_node(node)
        stood = _step(project)
        until(lambda: log.exists() and "goes on from step" in log.read_text(), "the requeued job to go on", 240)
        assert slurm.running()[number] != node
        assert _resumed_at(log) == stood > 0, "what was done since the last checkpoint is lost, and no more"
        slurm.start_node(node)

        _until_checkpoint(project)
        process.send_signal(signal.SIGINT)
        process.wait(120)
        until(lambda: not slurm.running(), "the cancelled job to end", 60)
    finally:
        process.kill()
    assert "SIGTERM after step" in log.read_text(), "Slurm's warning was heard, and a checkpoint written"
    assert not (project.folder / WEIGHTS).exists()

    project.run("--unlock")
    project.run(*arguments, WEIGHTS, environment=environment)
    assert _resumed_at(log) > stood, "what was cancelled goes on as well"
    assert (project.folder / WEIGHTS).read_bytes() == expected


def _until_checkpoint(project):
    """Wait for the next checkpoint from now on."""
    now = time.time()
    until(lambda: any(path.stat().st_mtime > now for path in _checkpoints(project)), "a checkpoint", 180)


def _checkpoints(project):
    return list(project.folder.glob("results/training_state/*/checkpoint/*.safetensors"))


def _step(project):
    """Of the last checkpoint; safetensors: the header's length in 8 bytes, then the header."""
    content = max(_checkpoints(project), key=lambda path: path.stat().st_mtime).read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return json.loads(header["__metadata__"]["counters"])["step"]


def _resumed_at(log):
    return int(re.search(r"goes on from step (\d+)", log.read_text())[1])
