"""See a recording through a sensor and a noise. The noise's random numbers leave its level out: levels share their draws."""

from _job import job
from headroom.catalog import build
from headroom.core.randomness import streams
from headroom.core.storage import load, save

with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    signal = load(snakemake.input.recording).states
    steps = [*settings["sensor"], *settings["noise"]]
    heads = settings.get("heads", [None] * len(steps))
    lead_fields = dict(zip(sorted(filter(None, set(heads))), map(load, snakemake.input.lead_fields), strict=True))
    for number, (spec, head) in enumerate(zip(steps, heads, strict=True)):
        rng = streams(settings["seed"], "observe", settings["system"], spec["kind"], number)
        step = build("observations", spec)
        signal = (step.with_lead_field(lead_fields[head]) if head else step).apply(signal, rng)
        report(f"after {spec['kind']}: {len(signal.channels)} channels, SD {signal.values.std():.4g} {signal.unit}")
    save(snakemake.output.observed, signal)
