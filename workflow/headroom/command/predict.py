"""`headroom predict`: ask a trained model about a recording, window by window."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from headroom.command._arguments import add_configuration
from headroom.command._choosing import add_model
from headroom.command._recording import add_recording
from headroom.core.errors import HeadroomError

if TYPE_CHECKING:
    from headroom.command._recording import Observed
    from headroom.command._trained import Trained
    from headroom.config.loading import Config
    from headroom.core.dataset import Dataset
    from headroom.core.protocols import Fitted
    from headroom.prediction.answers import Ask
    from headroom.prediction.run import Job

SUMMARY = "ask a trained model about a recording: forecasts, roll-outs, decoded labels"
DESCRIPTION = """Predict every window of a recording with a model that the pipeline has trained, and write a Parquet table: a row for each
trial, time [s], horizon [s] of forecasts and target, with prediction and truth in physical units; of labels a row for each sample, with
the decoded class and the probability of each. Truth is null where the recording ends or has no labels.

Windows, channels and scale are those of the training. Channels are found by name, else taken in their order."""
EXAMPLES = """  headroom predict ridge_var data/mine.csv -o out.parquet --system kuramoto --noise 0.2
  headroom predict lstm kuramoto -o out.parquet --noise 0.2 --seed 1     a system's own recording
  headroom predict lstm data/mine.csv -o out.parquet --rollout 50        feed forecasts back, 50 steps
  headroom predict ridge_var data/mine.csv -o out.parquet --draws 200    with columns q05, q50, q95
  headroom predict lstm data/mine.csv -o out.parquet --configfile mine.yaml --dt 0.001"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    add_model(parser)
    add_recording(parser)
    parser.add_argument("-o", "--output", metavar="OUT.parquet", required=True, help="the table to write")
    asked = parser.add_argument_group("what is asked")
    asked.add_argument("--rollout", metavar="N", type=int, default=0, help="feed one-step forecasts back and predict N steps")
    asked.add_argument(
        "--draws", metavar="N", type=int, default=0, help="draw N times from the model's uncertainty: quantiles q05, q50, q95"
    )
    asked.add_argument("--keep-draws", action="store_true", help="write every draw, too, as rows of its own")
    asked.add_argument("--every", metavar="K", type=int, help="a window every K samples (default: 1; with --rollout N: N)")
    add_configuration(parser)


def run(options: argparse.Namespace) -> int:
    """Write the table and say how good it is; raises HeadroomError where something does not fit."""
    from headroom.catalog import build
    from headroom.command._arguments import configuration
    from headroom.command._choosing import chosen
    from headroom.command._outcome import notes, tell
    from headroom.command._recording import observed
    from headroom.command._trained import restored
    from headroom.core.scaling import scale_of
    from headroom.prediction.scoring import Tally

    _require_sense(options)
    config = configuration(options)
    trained = chosen(options, config)
    fitted, dataset = restored(config, trained)
    ask = _asked(options, config, trained, fitted, dataset)
    seen = observed(options, config, trained, dataset.train.inputs.dt)
    job = _job(options, config, trained, fitted, dataset, seen, ask)
    name = "accuracy" if dataset.target.kind == "category" else "r2"
    tally = Tally(build("metrics", {"kind": name}), scale_of(dataset.train))
    rows = job.write(Path(options.output), tally, notes(trained, seen, dataset))
    tell(Path(options.output), trained, job, tally, name, rows)
    return 0


def _require_sense(options: argparse.Namespace) -> None:
    for name, least in (("rollout", 0), ("draws", 0), ("every", 1)):
        value = getattr(options, name)
        if value is not None and value < least:
            raise HeadroomError(f"--{name} {value}: expected a whole number of at least {least}")
    if options.keep_draws and not options.draws:
        raise HeadroomError("--keep-draws: no draws to keep; add --draws N")
    if not options.output.endswith(".parquet"):
        raise HeadroomError(f"--output {options.output}: expected a name that ends in .parquet")


def _asked(options: argparse.Namespace, config: Config, trained: Trained, fitted: Fitted, dataset: Dataset) -> Ask:
    """Raises HeadroomError where the model cannot do what is asked."""
    from headroom.command._trained import able
    from headroom.core.protocols import Sampled
    from headroom.prediction.answers import Ask

    if options.rollout and dataset.target.kind != "ahead":
        raise HeadroomError(f"--rollout: {trained.model} decodes labels; only forecasts can be fed back")
    if options.draws and not isinstance(fitted, Sampled):
        there = able(config, trained, lambda other: isinstance(other, Sampled))
        raise HeadroomError(f"--draws: {trained.model} knows no uncertainty; models of this condition that do: {there}")
    return Ask(options.rollout, options.draws)


def _job(options: argparse.Namespace, config: Config, trained: Trained, fitted: Fitted, dataset: Dataset, seen: Observed, ask: Ask) -> Job:
    import numpy as np

    from headroom.catalog import build
    from headroom.command._recording import in_unit
    from headroom.core.given import needs
    from headroom.core.randomness import stream
    from headroom.prediction import windows
    from headroom.prediction.matching import matched
    from headroom.prediction.rows import Rows
    from headroom.prediction.run import Job
    from headroom.prediction.scoring import trivial

    known = windows.same_data(seen.signal, dataset)
    if not known and (told := needs(build("models", config.specs["models"][trained.model]))):
        raise HeadroomError(f"{trained.model}: was told the {told[0]} of {trained.condition.system}; ask it about that system alone")
    signal, warnings = matched(seen.name, in_unit(seen.signal, dataset.train.inputs.unit), dataset.train)
    track, more = windows.track_of(seen.recording, signal, dataset.target)
    for line in (*warnings, *more):
        print(f"headroom: warning: {line}", file=sys.stderr)
    every = options.every or max(1, ask.rollout)
    examples = windows.every_window(signal, track, dataset.train, every, known)
    part = windows.part_of(examples, dataset) if known else np.full(len(examples), -1)
    trials = seen.recording.extras.get("trial", np.arange(signal.trials))
    rows = Rows(dataset.target, ask.offsets(examples), trials, options.keep_draws, known)
    rng = stream(config.general.seed, "predict", trained.words)
    return Job(fitted, examples, ask, rows, trivial(dataset.train, dataset.target), part, rng)
