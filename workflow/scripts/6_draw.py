"""Draw a figure from its table alone."""

import matplotlib

from _job import job
from headroom.catalog import build
from headroom.core.files import atomic
from headroom.core.tables import load_table

with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    matplotlib.use("agg")
    figure = build("analyses", {"kind": settings["analysis"]}).draw(load_table(snakemake.input.table))
    if settings["notice"]:
        figure.text(0.995, 0.995, settings["notice"], ha="right", va="top", fontsize=7, color="#b00020")
    with atomic(snakemake.output.figure) as temporary:
        figure.savefig(temporary, format="png", dpi=150, metadata={"Software": None})
