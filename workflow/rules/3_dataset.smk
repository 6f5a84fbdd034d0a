rule dataset:
    """Cut one noise level's signal into examples and split them; fit the scale."""
    input:
        recording=paths.recording,
        observed=paths.observed,
    output:
        dataset=paths.dataset,
        manifest=paths.manifest("dataset", "dataset"),
    log:
        paths.log("dataset", CONDITION),
    benchmark:
        paths.benchmark("dataset", CONDITION)
    priority: 70
    group:
        group_of("dataset")
    conda:
        "../../envs/simulate.yaml"
    resources:
        mem_mb=memory_of("dataset"),
        runtime=minutes_of("dataset"),
    params:
        job=lambda wildcards: ledger.dataset(condition_of(wildcards)),
    message:
        f"cut into examples: {SPOKEN}"
    script:
        "../scripts/3_dataset.py"
