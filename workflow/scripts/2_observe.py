"""See a recording through a sensor and a noise. The noise's random numbers leave its level out: levels share their draws."""

from _job import job
from headroom.catalog import build
from headroom.core.randomness import streams
from headroom.core.storage import load, save

with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    signal = load(snakemake.input.recording).states
    for number, step in enumerate([*settings["sensor"], *settings["noise"]]):
        rng = streams(settings["seed"], "observe", settings["system"], step["kind"], number)
        signal = build("observations", step).apply(signal, rng)
        report(f"after {step['kind']}: {len(signal.channels)} channels, SD {signal.values.std():.4g} {signal.unit}")
    save(snakemake.output.observed, signal)
