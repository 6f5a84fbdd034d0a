"""The map of results/: where each stage puts what, wildcards included."""

from dataclasses import dataclass

CONDITION = "{system}/{sensor}/{rung}/{task}/{split}"


@dataclass(frozen=True)
class Paths:
    """File patterns below the results folder; a manifest of SHA-256 sums lies beside every job's files."""

    root: str

    def __getattr__(self, name: str) -> str:
        return f"{self.root}/{PATTERNS[name]}"

    def manifest(self, name: str, rule: str) -> str:
        """The manifest of the job that makes the pattern `name`."""
        return f"{getattr(self, name).rpartition('/')[0]}/{rule}.manifest.json"

    def log(self, rule: str, wildcards: str) -> str:
        """The log of a rule's job."""
        return f"{self.root}/logs/{rule}/{wildcards}.log"

    def benchmark(self, rule: str, wildcards: str) -> str:
        """Time and memory of a rule's job."""
        return f"{self.root}/benchmarks/{rule}/{wildcards}.tsv"


PATTERNS = {
    "recording": "1_recordings/{system}/recording.npz",
    "lead_field": "2_observations/lead_fields/{head}/lead_field.npz",
    "observed": "2_observations/{system}/{sensor}/{rung}/observed.npz",
    "dataset": f"3_datasets/{CONDITION}/dataset.npz",
    "weights": f"4_models/{CONDITION}/{{model}}/{{fit}}/weights.safetensors",
    "history": f"4_models/{CONDITION}/{{model}}/{{fit}}/history.parquet",
    "training_state": "training_state",
    "tallies": f"5_scores/studies/{{study}}/{CONDITION}/tallies.parquet",
    "predictions": f"5_scores/studies/{{study}}/{CONDITION}/predictions.parquet",
    "sensitivities": f"5_scores/studies/{{study}}/{CONDITION}/sensitivities.parquet",
    "explanations": f"5_scores/studies/{{study}}/{CONDITION}/explanations.parquet",
    "positions": f"5_scores/studies/{{study}}/{CONDITION}/positions.parquet",
    "ceiling_tallies": f"5_scores/ceilings/{CONDITION}/{{ceiling}}/tallies.parquet",
    "ceiling_predictions": f"5_scores/ceilings/{CONDITION}/{{ceiling}}/predictions.parquet",
    "study_scores": "5_scores/studies/{study}/scores.parquet",
    "study_summary": "5_scores/studies/{study}/summary.parquet",
    "study_summary_csv": "5_scores/studies/{study}/summary.csv",
    "study_comparisons": "5_scores/studies/{study}/comparisons.parquet",
    "study_verdicts": "5_scores/studies/{study}/verdicts.parquet",
    "scores": "scores.parquet",
    "summary": "summary.parquet",
    "summary_csv": "summary.csv",
    "comparisons": "comparisons.parquet",
    "table": "6_analyses/{study}/{analysis}/table.parquet",
    "figure": "6_analyses/{study}/{analysis}/{analysis}.png",
    "classic_table": "6_analyses/classic_network.parquet",
    "classic_figure": "6_analyses/classic_network.png",
    "report": "7_report/report.html",
    "study_report": "7_report/studies/{study}.html",
}
