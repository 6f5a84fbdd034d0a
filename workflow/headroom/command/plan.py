"""`headroom plan`: what would a run cost, before anything runs?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from headroom.command._arguments import add_configuration
from headroom.core.errors import HeadroomError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headroom.planning.measured import Measured

SUMMARY = "say what a run would cost in jobs, processor minutes and MB, before anything runs"
DESCRIPTION = """Count the jobs of a configuration and estimate what they take, from its settings and the sizes of its data alone: nothing
is simulated and nothing trained. Rates come with the program. Where results of this configuration (or of config.yaml, or of a
preset) lie on this machine already, their measured times say how much faster or slower it is. Times are those of processors,
without a GPU."""
EXAMPLES = """  headroom plan                               the configuration of config.yaml
  headroom plan --preset paper --cores 16     how long would the full grid take?
  headroom plan --configfile mine.yaml --format json
  headroom plan --compare                     predicted beside measured, after a run
  headroom plan --preset calibration --calibrate    measure the rates anew, after a run of that preset (and of whatever else ran here)"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("--cores", type=_positive, default=None, metavar="N", help="cores that the run would have (default: all)")
    parser.add_argument("--format", choices=["text", "json", "csv"], default="text", help="how to print it (default: text)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--compare", action="store_true", help="hold the plan against what the jobs that ran took")
    what.add_argument("--calibrate", action="store_true", help="write the rates anew from what the jobs that ran took")
    folders = "results whose measured times are meant (default: those of the configuration)"
    parser.add_argument("--measured", metavar="FOLDER", nargs="+", help=folders)
    add_configuration(parser)


def run(options: argparse.Namespace) -> int:
    """0; raises HeadroomError where the configuration is none, or nothing was measured that must be."""
    from headroom.command._arguments import configuration
    from headroom.command._plan_words import compared, planned
    from headroom.planning.compare import at_speed, compare
    from headroom.planning.estimate import estimate
    from headroom.planning.jobs import Jobs
    from headroom.planning.measured import measured
    from headroom.planning.rates import stored

    config = configuration(options)
    jobs, folders = Jobs(config), options.measured or [config.general.results]
    ran = measured(jobs, map(Path, folders))
    if not ran and (options.compare or options.calibrate):
        raise HeadroomError(f"{folders[0]}/benchmarks: no job of this configuration was measured there; run it, or name --measured FOLDER")
    if options.calibrate:
        return _calibrate(list({one.manifest: one for one in [*ran, *(one for found in _everywhere() for one in found)]}.values()))
    if options.compare:
        print(compared(compare(stored(), ran), len(jobs.all), options.format))
    else:
        rates, known = at_speed(stored(), [*ran, *_elsewhere(ran)])
        print(planned(estimate(jobs, rates), options.cores or _cores(), known, options.format))
    return 0


def _calibrate(ran: list[Measured]) -> int:
    from headroom.planning.calibration import calibrate, rows_of
    from headroom.planning.rates import FILE, Rates, stored, write

    rates, known = calibrate(rows_of(ran)), stored()  # what did not run keeps its rates
    write(Rates({**known.groups, **rates.groups}, {**known.share, **rates.share}, rates.machine))
    print(f"{FILE}: {len(rates.groups)} groups of jobs from {len(ran)} measured ones")
    return 0


def _elsewhere(ran: list[Measured]) -> list[Measured]:
    """What a run of config.yaml or of a preset tells of this machine, where the configuration itself has not run."""
    return [] if ran else next((found for found in _everywhere() if found), [])


def _everywhere() -> Iterator[list[Measured]]:
    """What ran of config.yaml and of each preset."""
    from headroom.command._arguments import MAIN
    from headroom.config.loading import load
    from headroom.config.reading import read
    from headroom.planning.jobs import Jobs
    from headroom.planning.measured import measured

    for overlay in [[], *([file] for file in sorted(Path("workflow/presets").glob("*.yaml")))]:
        config = load(read([MAIN, *overlay]))
        folder = Path(config.general.results)
        yield measured(Jobs(config), [folder]) if (folder / "benchmarks").is_dir() else []


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"found {text}; expected 1 or more")
    return number
