"""Which recording is meant: a user's file, read as `systems: {kind: recording}` reads it, or a system of the configuration."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from headroom.core.errors import HeadroomError

if TYPE_CHECKING:
    from headroom.command._trained import Trained
    from headroom.config.loading import Config
    from headroom.core.recording import Recording
    from headroom.core.signal import Signal


@dataclass(frozen=True)
class Observed:
    """A recording, and what a model sees of it."""

    name: str
    recording: Recording
    signal: Signal


def add_recording(parser: argparse.ArgumentParser) -> None:
    """RECORDING and how a file is read."""
    parser.add_argument("recording", metavar="RECORDING", help="your file, or the name of a system whose recording is there")
    group = parser.add_argument_group("how your file is read, where it does not say so itself")
    group.add_argument("--dt", metavar="SECONDS", type=float, help="sampling interval [s]")
    group.add_argument("--unit", help="physical unit of its channels")
    group.add_argument("--label", metavar="COLUMN", help="column of labels")
    group.add_argument(
        "--reading",
        metavar="KEY=VALUE",
        nargs="+",
        action="extend",
        default=[],
        help="any other setting of a recording, such as missing=drop",
    )


def observed(options: argparse.Namespace, config: Config, trained: Trained, dt: float) -> Observed:
    """The recording that the options name, as the model would have seen it; raises HeadroomError where it cannot be had.

    A simulated system passes through the sensor and the noise of the trained condition, with the random numbers of the pipeline.
    A file is what an instrument has seen: only where the model was trained on a file is it read with the same settings and passes
    through the same steps.
    """
    from headroom.command._reading import KIND, read

    if options.recording in config.specs["systems"]:
        return _system(options, config, trained)
    spec = config.specs["systems"][trained.condition.system]
    like = spec if spec["kind"] == KIND else {}
    recording = read(options, config, like, dt)
    signal = _seen(config, trained, recording.states, Path(options.recording).name) if like else recording.states
    return Observed(options.recording, recording, signal)


def in_unit(signal: Signal, unit: str) -> Signal:
    """The signal in this unit, where its own is another spelling or prefix of it; else as it is."""
    import numpy as np

    from headroom.readers import factor

    scale = factor(signal.unit, unit) if signal.unit and unit else None
    if scale is None or signal.unit == unit:
        return signal
    none = np.zeros(len(signal.channels))
    return signal.rescaled(none, none + 1 / scale, unit)


def _system(options: argparse.Namespace, config: Config, trained: Trained) -> Observed:
    from headroom.core.storage import load

    _refuse_reading(options)
    file = trained.recording.parents[1] / options.recording / trained.recording.name
    if not file.exists():
        raise HeadroomError(f"{file}: not made yet; snakemake --cores 1 {file} makes it")
    recording = load(file)
    return Observed(options.recording, recording, _seen(config, trained, recording.states, options.recording))


def _refuse_reading(options: argparse.Namespace) -> None:
    given = [name for name in ("dt", "unit", "label", "reading") if getattr(options, name)]
    if given:
        raise HeadroomError(f"--{given[0]}: is for files; {options.recording} is a system, which says so itself")


def _seen(config: Config, trained: Trained, signal: Signal, name: str) -> Signal:
    """The signal through the sensor and the noise of the trained condition: the same bits as rule observe makes of the same system."""
    from headroom.catalog import build
    from headroom.config.components import head_of, with_level
    from headroom.config.paths import Paths
    from headroom.core.randomness import streams
    from headroom.core.storage import load

    condition = trained.condition
    noise = config.specs["noises"][condition.noise] if condition.noise else []
    steps = [*config.specs["sensors"][condition.sensor], *with_level(noise, float(condition.level) if condition.level else None)]
    for number, spec in enumerate(steps):
        rng = streams(config.general.seed, "observe", name, spec["kind"], number)
        step = build("observations", spec)
        if head := head_of(spec):
            step = step.with_lead_field(load(Paths(config.general.results).lead_field.format(head=head)))
        signal = step.apply(signal, rng)
    return signal
