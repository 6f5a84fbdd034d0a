"""A fit that was stopped, by whatever means, ends with the bits of one that was not."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.training import EVERYTHING, Exploding, Plain, bits, train

from headroom.core.errors import HeadroomError, Interrupted
from headroom.networks import checkpoint, engine
from headroom.networks.training import Training

TESTS = Path(__file__).parents[1]
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{TESTS}:{TESTS.parent / 'workflow'}", "OMP_NUM_THREADS": "1"}


def start(folder, output, seconds=0.05):
    command = [sys.executable, "-m", "fixtures.training", str(folder), str(output), str(seconds)]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)


def finish(process):
    lines, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return lines


def test_killed_in_mid_training_and_run_again_ends_with_the_same_bytes(tmp_path):
    whole, killed = tmp_path / "whole.safetensors", tmp_path / "killed.safetensors"
    finish(start(tmp_path / "a", whole, 1e9))
    process = start(tmp_path / "b", killed)
    for line in process.stdout:
        if " step " in line and (tmp_path / "b" / checkpoint.FILE).exists():
            process.kill()
            break
    assert process.wait(timeout=60) == -signal.SIGKILL
    assert not killed.exists()
    assert "goes on from step" in finish(start(tmp_path / "b", killed))
    assert killed.read_bytes() == whole.read_bytes()
    assert killed.with_suffix(".json").read_bytes() == whole.with_suffix(".json").read_bytes()
    assert not (tmp_path / "b" / checkpoint.FILE).exists()


class Stop:
    """Sends this process a signal when a report line names a step."""

    def __init__(self, step, number=signal.SIGTERM):
        self.step, self.number, self.lines = step, number, []

    def __call__(self, line):
        self.lines.append(line)
        if f"step {self.step}/" in line:
            os.kill(os.getpid(), self.number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    "training",
    [
        EVERYTHING,
        Training(batch_size=16, steps=120, validate_every=15, schedule="one_cycle"),
        Training(batch_size=33, epochs=30, validate_every=15, patience=3),
    ],
)
def test_terminated_writes_a_checkpoint_and_goes_on_to_the_same_bits(tmp_path, training, number):
    handler = signal.getsignal(number)
    with pytest.raises(Interrupted, match=rf"{number.name} after step 45 of \d+; checkpoint written to"):
        train(training, tmp_path, report=Stop(45, number))
    assert signal.getsignal(number) is handler
    assert (tmp_path / checkpoint.FILE).exists()
    assert bits(*train(training, tmp_path)) == bits(*train(training))


def test_without_validation_too(tmp_path):
    with pytest.raises(Interrupted):
        train(EVERYTHING, tmp_path, valid=0, report=Stop(45))
    assert bits(*train(EVERYTHING, tmp_path, valid=0)) == bits(*train(EVERYTHING, valid=0))


def test_stopped_between_validations_too(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "CHECKPOINT_SECONDS", 0.0)
    kept = []
    save = checkpoint.save
    monkeypatch.setattr(checkpoint, "save", lambda *parts: (save(*parts), kept.append(checkpoint.load(tmp_path))))
    whole = bits(*train(EVERYTHING, tmp_path))
    groups, counters = kept[51]
    assert counters["step"] == 52  # neither a validation nor the start of an epoch
    save(tmp_path, groups, counters)
    assert bits(*train(EVERYTHING, tmp_path)) == whole


def test_the_best_weights_before_the_stop_are_kept_too(tmp_path):
    training = Training(steps=30, validate_every=5, learning_rate=0.3)
    whole = train(training, module=Plain)
    losses = [row["valid_loss"] for row in whole[1]]
    best = losses.index(min(losses))
    assert best < len(losses) - 2
    with pytest.raises(Interrupted):
        train(training, tmp_path, module=Plain, report=Stop(5 * (best + 2)))
    assert bits(*train(training, tmp_path, module=Plain)) == bits(*whole)


def test_a_divergence_right_after_the_resumption_is_recorded_the_same(tmp_path):
    training = Training(steps=50, validate_every=5, on_divergence="record")
    whole = train(training, module=lambda: Exploding(after=10))
    with pytest.raises(Interrupted):
        train(training, tmp_path, module=lambda: Exploding(after=1000), report=Stop(10))
    assert bits(*train(training, tmp_path, module=lambda: Exploding(after=0))) == bits(*whole)


def test_terminated_without_a_folder_says_that_it_starts_anew():
    with pytest.raises(Interrupted, match="no folder for checkpoints"):
        train(report=Stop(45))


def test_a_checkpoint_of_other_settings_is_not_resumed(tmp_path):
    with pytest.raises(Interrupted):
        train(EVERYTHING, tmp_path, report=Stop(45))
    lines = []
    again = train(EVERYTHING, tmp_path, seed=1, report=lines.append)
    assert "other settings or data" in lines[0]
    assert bits(*again) == bits(*train(EVERYTHING, seed=1))


def test_a_damaged_checkpoint_is_an_error_that_names_it(tmp_path):
    with pytest.raises(Interrupted):
        train(EVERYTHING, tmp_path, report=Stop(45))
    path = tmp_path / checkpoint.FILE
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(HeadroomError, match=r"checkpoint\.safetensors: not a checkpoint that can be read"):
        train(EVERYTHING, tmp_path)


def test_a_second_process_is_refused_by_the_pid_of_the_first(tmp_path):
    first = start(tmp_path, tmp_path / "first.safetensors", 1e9)
    try:
        first.stdout.readline()
        os.kill(first.pid, signal.SIGSTOP)
        with pytest.raises(HeadroomError, match=f"process {first.pid} is training here"):
            train(EVERYTHING, tmp_path)
    finally:
        first.kill()
        first.wait()
    train(Training(steps=2), tmp_path)  # a lock dies with its process
