"""Predict the test examples with a study's models of a condition, at its own noise level and at those it is tested on beside."""

import pandas

from _job import job
from headroom.catalog import build
from headroom.core.given import extras_for, needs
from headroom.core.storage import load
from headroom.core.tables import save_table, save_tables
from headroom.core.tensors import load_tensors
from headroom.scores.estimates import estimates
from headroom.scores.evaluation import Entry, answers, excerpts, rolled_tallies, sensitivities, tallies
from headroom.scores.explanations import explanations
from headroom.scores.positions import positions
from headroom.scores.tally import join


def fitted_models():
    """Every model of the condition with its fits, by seed."""
    models = {name: build("models", spec) for name, spec in settings["models"].items()}
    fits = {name: {} for name in models}
    for (name, seeds), file in zip(settings["fits"], snakemake.input.weights, strict=True):
        tensors = load_tensors(file)
        for seed in seeds:
            prefix = "once/" if seed is None else f"{seed}/"
            state = {key.removeprefix(prefix): array for key, array in tensors.items() if key.startswith(prefix)}
            fits[name][seed] = models[name].restore(state)
    extras = {name: extras_for(needs(model), snakemake.input.recording) for name, model in models.items()}
    return [Entry(name, model.role, fits[name], extras[name]) for name, model in models.items()]


def located(frames):
    """One table of frames with the condition's coordinates beside them."""
    return pandas.concat(frames or [pandas.DataFrame()], ignore_index=True).assign(**settings["where"])


with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    dataset, task = load(snakemake.input.dataset), build("tasks", settings["task"])
    levels = [level or None for level in settings["tested"]]
    files = zip(levels, snakemake.input.tested, strict=True)
    tested = {level: (dataset if file == snakemake.input.dataset else load(file)).test for level, file in files}
    metrics = {name: build("metrics", {"kind": name}) for name in settings["metrics"]}
    sums, shown, inside, within, entries = [], [], [], [], fitted_models()
    for entry in entries:
        report(f"{entry.name}: {len(entry.fits)} fits")
        points = answers(entry, dataset.test)
        sums += tallies(entry, task.name, dataset, tested, points, metrics)
        sums += rolled_tallies(entry, task.rollout, levels[0], dataset, metrics) if task.rollout else []
        whole = dataset.target.kind == "window"  # a number for a recording: nothing to see over time
        if whole:
            shown += estimates(entry, task.name, dataset.test, points)
        else:
            shown += excerpts(entry, task.name, task.rollout, dataset.test, points)
        inside += explanations(entry, settings["explain"].get(entry.name, ()), dataset.test)
        within += positions(entry, dataset.test, points, task=task.name) if dataset.target.kind not in ("category", "window") else []
    save_table(snakemake.output.tallies, join(sums))
    save_table(snakemake.output.predictions, located(shown))
    asked = entries if settings["sensitivities"] else []  # by every input of every target: only where a figure wants them
    resting = (frame for entry in asked for frame in sensitivities(entry, dataset.test, task=task.name, **settings["where"]))
    save_tables(snakemake.output.sensitivities, resting, located([]))
    save_table(snakemake.output.positions, located(within))
    save_table(snakemake.output.explanations, located([frame.assign(task=task.name) for frame in inside]))
