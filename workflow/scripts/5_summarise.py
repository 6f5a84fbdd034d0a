"""Turn a study's sums into scores, intervals, skill and paired comparisons; stop where a model beats a bound."""

from functools import partial

from _job import job
from headroom.catalog import build
from headroom.core.errors import HeadroomError
from headroom.core.randomness import stream
from headroom.core.storage import load
from headroom.core.tables import load_table, save_table
from headroom.scores.alarm import leaks
from headroom.scores.condition import Condition, require_unique
from headroom.scores.study import summarise
from headroom.scores.table import score_table
from headroom.scores.tally import join, units
from headroom.scores.verdicts import verdict_table


def part(run, files, dataset_file):
    """A condition and the sums of its models and ceilings."""
    dataset = load(dataset_file)
    track = dataset.test.track
    sums = join(map(load_table, files))
    where = {name: run[name] for name in ("system", "sensor", "split", "noise")}
    primary = run["ceilings"][0] if run["ceilings"] else None
    blocks, ahead = units(dataset.test)[1], dataset.target.kind == "ahead"
    return Condition(study=settings["study"], dt=track.dt, unit=track.unit, ceiling=primary, blocks=blocks, ahead=ahead, **where), sums


with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    metrics = {name: build("metrics", {"kind": name}) for name in settings["metrics"]}
    tallies = {run["path"]: [file for file in snakemake.input.tallies if f"/{run['path']}/" in file] for run in settings["conditions"]}
    parts = [part(run, tallies[run["path"]], file) for run, file in zip(settings["conditions"], snakemake.input.datasets, strict=True)]
    scores = score_table(parts, metrics)
    require_unique(scores)
    report(f"{len(scores)} scores")
    summary, comparisons = summarise(parts, metrics, settings["primary"], partial(stream, settings["seed"], "intervals"))
    save_table(snakemake.output.scores, scores)
    save_table(snakemake.output.summary, summary)
    save_table(snakemake.output.summary_csv, summary)
    save_table(snakemake.output.comparisons, comparisons)
    save_table(snakemake.output.verdicts, verdict_table(settings["claims"], scores, summary, metrics))
    report(f"{len(summary)} summaries, {len(comparisons)} comparisons")
    offenders = leaks(comparisons, settings["primary"])
    if len(offenders):
        first = offenders.iloc[0]
        where = f"{first['system']} at noise {first['noise']}, horizon {first['horizon']} s"
        raise HeadroomError(
            f"leak alarm: {first['model']} lies {first['difference']:.3g} {first['metric']} above the bound {first['against']} on {where} "
            f"({len(offenders)} such cells); no predictor can, so look for test data in its training"
        )
