"""Draw every trial of a system, or read a user's recording."""

from _job import job
from headroom.catalog import build
from headroom.core.randomness import streams
from headroom.core.storage import save

with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    simulator = build("simulators", settings["simulator"])
    recording = simulator.simulate(streams(settings["seed"], "simulate", settings["system"]))
    report(f"{recording.states.trials} trials of {recording.states.samples} samples, {len(recording.states.channels)} channels")
    save(snakemake.output.recording, recording)
