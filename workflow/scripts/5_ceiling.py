"""Ask an oracle what can be known of a condition's targets."""

import pandas

from _job import job
from headroom.catalog import build
from headroom.core.randomness import stream
from headroom.core.storage import load
from headroom.core.tables import save_table
from headroom.scores.estimates import estimated
from headroom.scores.evaluation import truth_of
from headroom.scores.excerpt import excerpt
from headroom.scores.tally import Label, tally

with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    recording, dataset = load(snakemake.input.recording), load(snakemake.input.dataset)
    ceiling, simulator = build("ceilings", settings["ceiling"]), build("simulators", settings["simulator"])
    if "observation" in settings:
        ceiling = ceiling.through([build("observations", step) for step in settings["observation"]])
    rng = stream(settings["seed"], "ceiling", settings["name"], settings["path"])
    expectation = ceiling.expect(simulator, recording, dataset, rng)
    report(expectation.note or f"{settings['name']} ({ceiling.gives})")
    test = dataset.test if expectation.which is None else dataset.test.take(expectation.which)
    metrics = {name: build("metrics", {"kind": name}) for name in settings["metrics"]}
    task = build("tasks", settings["task"]).name
    label = Label("test", task, settings["name"], "ceiling", settings["where"]["noise"], ceiling.gives)
    truth = truth_of(test, dataset.target)
    save_table(snakemake.output.tallies, tally(label, truth, metrics, point=expectation.point, variance=expectation.variance))
    shown = pandas.DataFrame()
    same = {"task": task, "model": settings["name"], "role": "ceiling", "seed": -1, "sees": ceiling.sees}
    if expectation.point is not None and dataset.target.kind == "window":
        shown = estimated(expectation.point, test, expectation.draws, expectation.doubtful, rng=rng, **same)
    elif expectation.point is not None:
        shown = excerpt(expectation.point, test, test.offsets, **same)
    save_table(snakemake.output.predictions, shown.assign(**settings["where"]))
