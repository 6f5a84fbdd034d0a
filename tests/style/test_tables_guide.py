"""docs/tables.md explains every column of the tables, and every task that a table can speak of."""

import re

from headroom.catalog import ROOT, build
from headroom.scores.condition import COMPARISONS, SUMMARY

GUIDE = (ROOT.parents[1] / "docs" / "tables.md").read_text()
KINDS = ("forecasting", "decoding", "reconstruction", "inference")
TASKS = [*({"kind": kind} for kind in KINDS), {"kind": "decoding", "look": 2}, {"kind": "inference", "targets": ["a", "b"]}]


def explained(part):
    """The columns that a section's first table explains."""
    lines = GUIDE.split(f"## {part}")[1].split("|---|---|---|\n")[1].split("\n\n")[0].splitlines()
    return [name for line in lines for name in re.findall(r"`(\w+)`", line.split("|")[1])]


def test_every_column_of_the_summary_is_explained_in_order():
    assert explained("summary.csv") == list(SUMMARY)


def test_what_comparisons_have_beside_them_is_explained():
    assert explained("comparisons.parquet") == list(COMPARISONS[COMPARISONS.index("against") :])
    assert set(COMPARISONS[: COMPARISONS.index("against")]) <= set(SUMMARY)


def test_every_task_of_the_tables_is_explained():
    names = {build("tasks", spec).name for spec in TASKS} | {"rollout"}
    table = GUIDE.split("`task` is one of these:")[1].split("\n\n")[1]
    assert names == {name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split("|")[1])}
