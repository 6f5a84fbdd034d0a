"""What predictions came to: scores for the terminal, notes for the file."""

from pathlib import Path

from headroom.command._recording import Observed
from headroom.command._trained import Trained, version
from headroom.core.dataset import Dataset
from headroom.prediction.run import Job
from headroom.prediction.scoring import ALL, FLOOR, MODEL, Tally

SHOWN = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Steps of a roll-out that the summary shows."""
TEST = "test"


def notes(trained: Trained, seen: Observed, dataset: Dataset) -> dict[str, str]:
    """What the file's metadata say."""
    inputs = dataset.train.inputs
    return {
        "headroom": version(),
        "model": trained.words,
        "recording": seen.name,
        "dt": f"{inputs.dt:g} s",
        "window": f"{dataset.train.length} samples",
        "unit": dataset.target.unit,
    }


def tell(path: Path, trained: Trained, job: Job, tally: Tally, name: str, rows: int) -> None:
    """Print what was written, and its scores beside those of the trivial predictor on the same rows."""
    examples = job.examples
    print(f"{trained.words}: {len(examples):,} windows of {examples.length} samples, {rows:,} rows")
    offsets = job.rows.offsets
    for place, offset in enumerate(offsets):
        if job.ask.rollout and offset not in SHOWN and offset != offsets[-1]:
            continue
        for part in (ALL, TEST):
            if tally.rows.get((part, place)):
                print("  " + _line(job, tally, name, part, place, offset * examples.inputs.dt))
    if not any(tally.rows.values()):
        print("  the recording does not say the truth: nothing to score")
    if tally.inside[1]:
        print(f"  {tally.inside[0] / tally.inside[1]:.1%} of the truths lie between q05 and q95")
    print(f"{path} ({path.stat().st_size / 1e6:.2f} MB)")


def _line(job: Job, tally: Tally, name: str, part: str, place: int, horizon: float) -> str:
    """One score beside the trivial one on the same rows."""
    whose = "" if part == ALL else " that were neither trained nor chosen on"
    ahead = f"{horizon:g} s ahead, " if job.rows.target.kind == "ahead" else ""
    measure = "R2" if name == "r2" else name
    floor = f" ({job.floor.name} {tally.value(FLOOR, part, place):.4f})" if job.floor else ""
    return f"{ahead}{tally.rows[part, place]:,} windows{whose}: {measure} {tally.value(MODEL, part, place):.4f}{floor}"
