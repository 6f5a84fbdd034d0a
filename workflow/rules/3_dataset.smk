rule dataset:
    """Cut one noise level's signal into examples and split them; fit the scale."""
    input:
        recording=paths.recording,
        observed=paths.observed,
    output:
        dataset=paths.dataset,
        manifest=paths.manifest("dataset", "dataset"),
    params:
        job=lambda wildcards: ledger.dataset(condition_of(wildcards)),
    log:
        paths.log("dataset", CONDITION),
    benchmark:
        paths.benchmark("dataset", CONDITION)
    conda:
        "../../envs/simulate.yaml"
    message:
        f"cut into examples: {SPOKEN}"
    priority: 70
    script:
        "../scripts/3_dataset.py"
