"""One table of all studies' scores, one of their summaries, one of their paired comparisons."""

import pandas

from _job import job
from headroom.core.tables import load_table, save_table

with job(snakemake) as report:
    for name in ("scores", "summary", "comparisons"):
        table = pandas.concat([load_table(file) for file in snakemake.input[name]], ignore_index=True)
        report(f"{name}: {len(table)} rows")
        save_table(snakemake.output[name], table)
        if name == "summary":
            save_table(snakemake.output.summary_csv, table)
