"""Compute the table behind a figure from the study's tables."""

from pathlib import Path

import pandas

from _job import job
from headroom.analyses._observed import OF_DATASETS
from headroom.analyses._recorded import TABLES as OF_RECORDINGS
from headroom.analyses._recorded import trained_on
from headroom.analyses._simulated import numbers
from headroom.catalog import build
from headroom.core.randomness import stream
from headroom.core.storage import load
from headroom.core.tables import load_table, save_table

TABLES = {"history": "histories"}


def sources():
    """The input files by what they hold, those of one kind put together; a recording holds several tables."""
    found, recordings, trials, lead_fields = {}, [], {}, []
    if "systems" in analysis.sources:
        found["systems"] = [numbers(settings["simulators"])]
    for file, where in zip(snakemake.input, snakemake.params.where, strict=True):
        name = Path(file).stem
        if name == "recording":
            recordings.append((file, where))
            continue
        if name == "lead_field":
            lead_fields.append(load(file))
            continue
        if name == "dataset":
            dataset = load(file)
            trials[where["system"]] = trained_on(dataset)
            for source in set(analysis.sources) & set(OF_DATASETS):
                found.setdefault(source, []).append(OF_DATASETS[source](dataset, lead_fields).assign(**where))
            continue
        found.setdefault(TABLES.get(name, name), []).append(load_table(file).assign(**where))
    for file, where in recordings:
        recording = load(file)
        for name in analysis.sources:
            if name in OF_RECORDINGS:
                found.setdefault(name, []).append(OF_RECORDINGS[name](recording, trials.get(where["system"])).assign(**where))
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
