"""Say where the results of a run lie, and its headline."""

import sys

from headroom.config.loading import load
from headroom.config.reading import read

results = load(read(["config.yaml", *sys.argv[1:]])).general.results
print(f"\nRead first: {results}/7_report/report.html")
print(f"Scores:     {results}/summary.csv, {results}/scores.parquet")
print(f"Figures:    {results}/6_analyses/")
