"""Cut an observed signal into examples and split them."""

from _job import job
from headroom.catalog import build
from headroom.core.storage import load, save

with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    recording, observed = load(snakemake.input.recording), load(snakemake.input.observed)
    task, split = build("tasks", settings["task"]), build("splits", settings["split"])
    dataset = split.apply(task.examples(recording, observed), task.target(recording, observed), recording)
    report(f"{len(dataset.train)} train, {len(dataset.valid)} validation, {len(dataset.test)} test examples")
    save(snakemake.output.dataset, dataset)
