"""Compute the table behind a figure from the study's tables."""

from pathlib import Path

import pandas

from _job import job
from headroom.catalog import build
from headroom.core.randomness import stream
from headroom.core.tables import load_table, save_table

TABLES = {"history": "histories"}


def sources():
    """The input files by what they hold, those of one kind put together."""
    found = {}
    for file, where in zip(snakemake.input, snakemake.params.where, strict=True):
        name = Path(file).stem
        found.setdefault(TABLES.get(name, name), []).append(load_table(file).assign(**where))
    return {name: pandas.concat([table for table in tables if len(table)] or tables, ignore_index=True) for name, tables in found.items()}


with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    analysis = build("analyses", {"kind": settings["analysis"]})
    if hasattr(analysis, "compute_systems"):
        simulators = {name: build("simulators", spec) for name, spec in settings["simulators"].items()}
        table = analysis.compute_systems(simulators, stream(settings["seed"], "analyse", settings["analysis"]))
    else:
        table = analysis.compute(sources())
    report(f"{len(table)} rows")
    save_table(snakemake.output.table, table)
