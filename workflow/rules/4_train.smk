rule train:
    """Fit one model on one condition, every seed of the batch; finished seeds and checkpoints survive an interruption."""
    input:
        dataset=paths.dataset,
        recording=lambda wildcards: recording_for(wildcards, wildcards.model),
    output:
        weights=paths.weights,
        history=paths.history,
        manifest=paths.manifest("weights", "train"),
    log:
        paths.log("train", f"{CONDITION}/{{model}}/{{fit}}"),
    benchmark:
        paths.benchmark("train", f"{CONDITION}/{{model}}/{{fit}}")
    priority: 50
    group:
        group_of("train")
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        **mark_of_training(),
        mem_mb=memory_of("train"),
        runtime=minutes_of("train"),
        gpu=gpus_of("train"),
        device=config_of.general.device,
    params:
        job=lambda wildcards: ledger.train(condition_of(wildcards), wildcards.model, wildcards.fit),
        state=paths.training_state,
    message:
        f"train {{wildcards.model}} ({{wildcards.fit}}) on {SPOKEN}"
    script:
        "../scripts/4_train.py"
