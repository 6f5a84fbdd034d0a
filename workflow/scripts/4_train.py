"""Fit one model on one condition, every seed of the batch. A finished seed is kept and never trained again."""

import hashlib
import json
from pathlib import Path

from _job import job
from headroom.catalog import build
from headroom.core.files import recorded_sum, write_manifest
from headroom.core.given import extras_for, needs, told
from headroom.core.protocols import Workspace
from headroom.core.storage import load
from headroom.core.tables import load_rows, save_rows
from headroom.core.tensors import load_tensors, save_tensors


def state_folder(seed):
    """Where a seed's checkpoints and finished fit lie: named by all that the fit rests on, the data's content included."""
    rests_on = [settings["model"], snakemake.params.job["code"], recorded_sum(snakemake.input.dataset), seed]
    return Path(snakemake.params.state) / hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode()).hexdigest()[:20]


def finish(seed, folder):
    """Train one seed and keep it, unless it was finished before."""
    if (folder / "finished.manifest.json").exists():
        report(f"seed {seed}: finished before")
        return
    workspace = Workspace(seed or 0, snakemake.resources.device, folder / "checkpoint", report)
    fitted, history = model.fit(dataset.train, dataset.valid, dataset.target, workspace)
    save_tensors(folder / "weights.safetensors", fitted.state())
    save_rows(folder / "history.parquet", [{**row, "seed": seed} for row in history])
    write_manifest(folder / "finished.manifest.json", snakemake.rule, [folder / "weights.safetensors", folder / "history.parquet"])


with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    model = build("models", settings["model"])
    dataset = told(load(snakemake.input.dataset), extras_for(needs(model), snakemake.input.recording))
    folders = {seed: state_folder(seed) for seed in settings["seeds"]}
    for seed, folder in folders.items():
        finish(seed, folder)
    states = {"once" if seed is None else str(seed): load_tensors(folder / "weights.safetensors") for seed, folder in folders.items()}
    save_tensors(snakemake.output.weights, {f"{seed}/{name}": array for seed, state in states.items() for name, array in state.items()})
    save_rows(snakemake.output.history, [row for folder in folders.values() for row in load_rows(folder / "history.parquet")])
