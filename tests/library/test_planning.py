"""The plan of a run: sizes, amounts and sums, all without running anything."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from fixtures.planned import STUDY, planned

from headroom.catalog import build
from headroom.config.loading import load
from headroom.core.randomness import streams
from headroom.core.shape import DataShape, Extent
from headroom.planning.amounts import fit_features
from headroom.planning.dearest import dearest
from headroom.planning.estimate import estimate
from headroom.planning.jobs import Jobs
from headroom.planning.rates import stored
from headroom.planning.recordings import extent_of

ROOT = Path(__file__).parents[2]
SHAPE = DataShape(Extent(10, 500, 6), targets=6, offsets=2, reach=5, length=20, train=2000, valid=400, test=400)


def size_of(task, split, simulator):
    """What a run really cuts, beside what the plan says."""
    config = load(
        {
            "systems": {"own": simulator},
            "tasks": {"own": task},
            "splits": {"own": split},
            "studies": {"one": STUDY | {"systems": ["own"], "task": "own", "split": "own", "ceilings": []}},
        }
    )
    jobs = Jobs(config)
    recording = build("simulators", config.specs["systems"]["own"]).simulate(streams(0))
    task, split = build("tasks", config.specs["tasks"]["own"]), build("splits", config.specs["splits"]["own"])
    dataset = split.apply(task.examples(recording, recording.states), task.target(recording, recording.states), recording)
    shape = jobs.shapes.dataset(next(iter(jobs.plan.wanted)))
    return (shape.train, shape.valid, shape.test), tuple(map(len, (dataset.train, dataset.valid, dataset.test)))


@pytest.mark.parametrize("split", ["by_block", "by_trial", "leading_windows", "shuffled_windows"])
@pytest.mark.parametrize("task", [{}, {"window": 12, "offsets": [1, 7], "stride": 3}])
def test_examples_are_counted_as_a_run_cuts_them(task, split):
    expected, found = size_of({"kind": "forecasting", **task}, {"kind": split}, {"kind": "kuramoto", "trials": 5, "samples": 400})
    assert expected == found


@pytest.mark.parametrize(("targets", "asked"), [([], 8), (["log(A_i a_4)", "log(a_1/a_3)"], 2)])
def test_whole_recordings_are_counted_by_their_number_and_length(targets, asked):
    erp = {"kind": "erp", "trials": 30}
    study = STUDY | {"systems": ["erp"], "task": "infer", "split": "by_trial", "models": ["train_mean"], "ceilings": [], "analyses": []}
    config = load(
        {
            "systems": {"erp": erp},
            "tasks": {"infer": {"kind": "inference", "targets": targets}},
            "studies": {"one": study | {"metrics": ["r2"]}},
        }
    )
    jobs = Jobs(config)
    shape = jobs.shapes.dataset(next(iter(jobs.plan.wanted)))
    assert (shape.train, shape.valid, shape.test) == (18, 6, 6)
    assert (shape.length, shape.targets, shape.offsets) == (1201, asked, 1) and not jobs.shapes.guessed


def test_the_lead_field_of_every_head_is_a_job():
    moved = {"kind": "eeg_background", "filtered": True, "head": {"depth": 0.7}}
    noises = {"near": {"kind": "eeg_background", "filtered": True}, "deep": moved}
    grids = [{"noise": noise, "levels": levels} for noise, levels in (("near", [1]), ("near", [2]), ("deep", [3]))]
    study = {"question": "How?", "systems": ["erp"], "task": "infer", "split": "by_trial", "models": ["train_mean"], "selections": grids}
    jobs = Jobs(
        load({"systems": {"erp": {"kind": "erp"}}, "noises": noises, "tasks": {"infer": {"kind": "inference"}}, "studies": {"one": study}})
    )
    heads = [job for job in jobs.all if job.rule == "lead_field"]
    assert len(heads) == 2 and all(jobs.benchmark(job).startswith("benchmarks/lead_field/biosemi64_") for job in heads)
    assert sum(one.cpu for one in estimate(jobs, stored()).each if one.job.rule == "lead_field") > 0


def test_a_long_recording_is_counted_from_a_short_one():
    long = {"kind": "sinusoids", "trials": 4, "samples": 250_000}
    expected, found = size_of({"kind": "forecasting"}, {"kind": "by_block"}, long)
    assert np.allclose(expected, found, rtol=0.01)


@pytest.mark.parametrize("kind", ["kuramoto", "sinusoids"])
def test_a_simulator_says_the_size_of_its_states(kind):
    simulator = build("simulators", {"kind": kind, "trials": 2, "samples": 30})
    values = simulator.simulate(streams(0)).states.values
    assert simulator.extent() == Extent(*values.shape)


def test_sensors_change_the_number_of_channels():
    config = load({"sensors": {"two": {"kind": "channels", "names": ["x 1", "x 2"]}}, "studies": {"one": STUDY | {"sensor": "two"}}})
    shape = Jobs(config).shapes.dataset(next(iter(Jobs(config).plan.wanted)))
    assert (shape.channels, shape.targets) == (2, 2)


def test_a_system_that_does_not_say_its_size_is_named(monkeypatch):
    class Mute:
        trials, samples = 3, 100

    monkeypatch.setattr("headroom.planning.shapes.instance", lambda family, spec: Mute())
    jobs = planned()
    assert jobs.shapes.recording("kuramoto").trials == 3
    assert "systems: kuramoto" in jobs.shapes.guessed


def module_of(model):
    """The network that the model trains on data of SHAPE."""
    if model.__class__.__name__ == "NeuronNetwork":
        from headroom.networks.neurons import Knots, Neurons

        return Neurons(model.lags, model.hidden, SHAPE.offsets, Knots(np.linspace(-2, 2, model.knots)))
    if model.__class__.__name__ == "TemporalConvolution":
        from headroom.networks.temporal_convolution import TemporalConvolution

        return TemporalConvolution(SHAPE.channels, model.hidden, model.blocks, model.kernel, SHAPE.offsets, SHAPE.targets, False)
    return model._module(SHAPE.channels, SHAPE.offsets, SHAPE.targets)


@pytest.mark.parametrize(
    ("spec", "times"),
    [
        ({"kind": "lstm", "hidden": 16, "layers": 3}, SHAPE.length),
        ({"kind": "temporal_convolution", "hidden": 16, "blocks": 3}, SHAPE.length),
        ({"kind": "neuron_network"}, SHAPE.length * SHAPE.channels),
    ],
)
def test_multiply_adds_are_the_weights_of_the_network_times_their_uses(spec, times):
    model = build("models", spec)
    weights = {name: array.numel() for name, array in module_of(model).named_parameters() if array.ndim > 1}
    head = sum(count for name, count in weights.items() if name.startswith("head")) if spec["kind"] == "lstm" else 0
    assert model.work(SHAPE) == times * (sum(weights.values()) - head) + head


def test_work_grows_with_steps_batches_and_seeds():
    model = build("models", {"kind": "lstm", "training": {"steps": 100}})
    one, seeds = fit_features(model, SHAPE, 1), fit_features(model, SHAPE, 3)
    longer = fit_features(replace(model, training=replace(model.training, steps=200)), SHAPE, 1)
    wider = fit_features(replace(model, training=replace(model.training, batch_size=64)), SHAPE, 1)
    assert seeds["steps"] == 3 * one["steps"] == 300 and seeds["work"] == 3 * one["work"]
    assert longer["steps"] == 200 and longer["calls"] == 2 * one["calls"]
    assert wider["steps"] == one["steps"] and wider["work"] > 1.8 * one["work"]


def test_a_fit_is_counted_once_where_studies_share_it_and_in_each_of_them():
    shared = Jobs(load({"studies": {"one": STUDY, "two": STUDY | {"seeds": 3}}}))
    alone = planned()
    trained = [job for job in shared.all if job.rule == "train"]
    assert len(trained) == len([job for job in alone.all if job.rule == "train"]) == 4 * (2 + 2)
    late = next(job for job in trained if job.name.endswith("lstm/seeds_5-6"))
    early = next(job for job in trained if job.name.endswith("lstm/seeds_0-4"))
    assert late.studies == ("one",) and early.studies == ("one", "two")
    by_study = estimate(shared, stored()).studies()
    assert by_study[0].cpu > by_study[1].cpu > 0


@pytest.mark.parametrize("files", [[], ["workflow/presets/smoke.yaml"]])
def test_everything_that_ships_was_measured(files):
    from headroom.config.reading import read

    plan = estimate(Jobs(load(read([ROOT / file for file in ["config.yaml", *files]]))), stored())
    assert not plan.unmeasured() and not plan.jobs.shapes.guessed


def recording(file, **more):
    return build("simulators", {"kind": "recording", "file": str(file), **more})


def test_small_recordings_are_read_and_large_ones_judged_by_their_beginning(tmp_path, monkeypatch):
    rows = np.random.default_rng(1).normal(size=(3 * 400, 2)).round(4)
    lines = [f"{i % 400 * 0.01:.2f},{i // 400 + 1},{a},{b}" for i, (a, b) in enumerate(rows)]
    (tmp_path / "own.csv").write_text("\n".join(["time,trial,left,right", *lines]) + "\n")
    np.savez(tmp_path / "own.npz", values=rows.reshape(3, 400, 2), dt=np.array(0.01))
    exact = Extent(3, 400, 2)
    assert extent_of(recording(tmp_path / "own.csv")) == (exact, "")
    monkeypatch.setattr("headroom.planning.recordings.SMALL", 1000)
    guess, words = extent_of(recording(tmp_path / "own.csv"))
    assert (guess.trials, guess.channels) == (3, 2) and guess.samples == pytest.approx(400, rel=0.05) and "estimated" in words
    assert extent_of(SimpleNamespace(files=lambda: [tmp_path / "own.npz"])) == (exact, "")


def test_twenty_thousand_fits_are_planned_in_seconds():
    import resource
    import time

    models = {f"net{n}": {"kind": "lstm", "hidden": 4 + n} for n in range(20)}
    systems = {f"system{n}": {"kind": "kuramoto", "trials": 4 + n} for n in range(10)}
    study = STUDY | {"levels": [n / 10 for n in range(1, 11)], "models": list(models), "seeds": 10}
    studies = {f"study{n}": study | {"systems": [f"system{n}"]} for n in range(10)}
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    plan = estimate(Jobs(load({"seeds_per_job": 1, "models": models, "systems": systems, "studies": studies})), stored())
    assert next(row.jobs for row in plan.rules() if row.name == "train") == 20_000
    assert len(plan.studies()) == 10 and len(dearest(plan, "study3")) == 5
    assert time.process_time() - started < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1e6, "it took more than a gigabyte"


def test_the_command_loads_nothing_heavy_and_prints_three_formats():
    code = (
        "import sys; from headroom.command._main import main; code = main(sys.argv[1:]);"
        "heavy = {'torch', 'pandas', 'pyarrow', 'scipy', 'sklearn', 'numba', 'matplotlib', 'mne', 'brian2'} & set(sys.modules);"
        "sys.exit(code or (f'loaded {heavy}' if heavy else 0))"
    )
    for form, sign in (("text", "About "), ("json", '"cpu_minutes"'), ("csv", "part,name,jobs")):
        command = [sys.executable, "-c", code, "plan", "--preset", "smoke", "--cores", "2", "--format", form]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env={"PYTHONPATH": str(ROOT / "workflow")})
        assert done.returncode == 0, done.stderr
        assert sign in done.stdout and "oscillators" in done.stdout
