"""`headroom example`: files to try things with."""

import argparse
from pathlib import Path

SUMMARY = "write a small recording, to try the pipeline on a file of your own"
DESCRIPTION = """Write a recording as a table: a header, then a row for each sample, with columns time [s], trial, four channels [mV] and a
label. Two rhythms of about 10 and 21 Hz come and go and reach the channels with different weights; the label says whether
the first one is strong. The same options give the same file."""
EXAMPLES = """  headroom example recording data/my_recording.csv
  headroom example recording data/long.csv --trials 40 --samples 5000"""
COLUMNS = ("time", "trial", "Fz", "Cz", "Pz", "Oz", "label")
LABELS = ("rest", "rhythm")
DT = 0.004
"""Sampling interval [s]."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("what", choices=["recording"], metavar="recording", help="the only example so far")
    parser.add_argument("out", type=Path, metavar="OUT.csv", help="the file to write; its folder is made")
    parser.add_argument("--trials", type=int, default=24, metavar="N", help="trials (default: 24)")
    parser.add_argument("--samples", type=int, default=600, metavar="N", help="samples of each, 4 ms apart (default: 600)")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run(options: argparse.Namespace) -> int:
    """Write the recording; raises HeadroomError where the file is there already or the sizes make no recording."""
    from headroom.command._example_recording import drawn
    from headroom.core.errors import HeadroomError
    from headroom.core.files import write_text

    if options.trials < 1 or options.samples < 2:
        raise HeadroomError(f"found --trials {options.trials} --samples {options.samples}; expected at least 1 trial and 2 samples")
    if options.out.exists() and not options.force:
        raise HeadroomError(f"{options.out}: is there already; --force writes over it")
    lines = [",".join(COLUMNS)]
    for trial in range(options.trials):
        values, labels = drawn(trial, options.samples, DT)
        for step, (row, label) in enumerate(zip(values.tolist(), labels.tolist(), strict=True)):
            numbers = ",".join(f"{value:.4f}" for value in row)
            lines.append(f"{step * DT:.3f},{trial + 1},{numbers},{LABELS[label]}")
    write_text(options.out, "\n".join(lines) + "\n")
    print(f"wrote {options.out}: {options.trials} trials of {options.samples} samples, 4 channels [mV], labels {' and '.join(LABELS)}")
    print(f"use it: systems: {{my_recording: {{kind: recording, file: {options.out}, unit: mV}}}} in a file of your own for --configfile")
    return 0
