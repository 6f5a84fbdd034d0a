rule train:
    """Fit one model on one condition, every seed of the batch; finished seeds and checkpoints survive an interruption."""
    input:
        dataset=paths.dataset,
    output:
        weights=paths.weights,
        history=paths.history,
        manifest=paths.manifest("weights", "train"),
    params:
        job=lambda wildcards: ledger.train(condition_of(wildcards), wildcards.model, wildcards.fit),
        state=paths.training_state,
    log:
        paths.log("train", f"{CONDITION}/{{model}}/{{fit}}"),
    benchmark:
        paths.benchmark("train", f"{CONDITION}/{{model}}/{{fit}}")
    conda:
        "../../envs/train.yaml"
    message:
        f"train {{wildcards.model}} ({{wildcards.fit}}) on {SPOKEN}"
    priority: 50
    threads: 1
    resources:
        device=config_of.general.device,
    script:
        "../scripts/4_train.py"
