rule evaluate:
    """Predict the test examples with a study's models of a condition, at its own noise level and at those it is tested on beside."""
    input:
        dataset=paths.dataset,
        tested=lambda wildcards: [
            at(paths.dataset, condition_of(wildcards).at(level)) for level in plan.studies[wildcards.study][condition_of(wildcards)].tested
        ],
        weights=lambda wildcards: weights_of(wildcards.study, condition_of(wildcards)),
        recording=lambda wildcards: recording_for(wildcards, *plan.studies[wildcards.study][condition_of(wildcards)].models),
    output:
        tallies=paths.tallies,
        predictions=paths.predictions,
        sensitivities=paths.sensitivities,
        explanations=paths.explanations,
        positions=paths.positions,
        manifest=paths.manifest("tallies", "evaluate"),
    log:
        paths.log("evaluate", f"{{study}}/{CONDITION}"),
    benchmark:
        paths.benchmark("evaluate", f"{{study}}/{CONDITION}")
    group:
        group_of("evaluate")
    conda:
        "../../envs/train.yaml"
    resources:
        mem_mb=memory_of("evaluate"),
        runtime=minutes_of("evaluate"),
    params:
        job=lambda wildcards: ledger.evaluate(wildcards.study, condition_of(wildcards)),
    message:
        f"score the models of {{wildcards.study}} on {SPOKEN}"
    script:
        "../scripts/5_evaluate.py"


rule ceiling:
    """Ask an oracle what can be known of a condition's targets."""
    input:
        recording=paths.recording,
        dataset=paths.dataset,
    output:
        tallies=paths.ceiling_tallies,
        predictions=paths.ceiling_predictions,
        manifest=paths.manifest("ceiling_tallies", "ceiling"),
    log:
        paths.log("ceiling", f"{CONDITION}/{{ceiling}}"),
    benchmark:
        paths.benchmark("ceiling", f"{CONDITION}/{{ceiling}}")
    priority: 60
    group:
        group_of("ceiling")
    conda:
        "../../envs/simulate.yaml"
    resources:
        mem_mb=memory_of("ceiling"),
        runtime=minutes_of("ceiling"),
    params:
        job=lambda wildcards: ledger.ceiling(condition_of(wildcards), wildcards.ceiling),
    message:
        f"ask the ceiling {{wildcards.ceiling}} about {SPOKEN}"
    script:
        "../scripts/5_ceiling.py"


rule summarise:
    """Turn a study's sums into scores, intervals, skill and paired comparisons; stop where a model beats a bound."""
    input:
        tallies=lambda wildcards: tallies_of(wildcards.study),
        datasets=lambda wildcards: [at(paths.dataset, condition) for condition in plan.studies[wildcards.study]],
    output:
        scores=paths.study_scores,
        summary=paths.study_summary,
        summary_csv=paths.study_summary_csv,
        comparisons=paths.study_comparisons,
        verdicts=paths.study_verdicts,
        manifest=paths.manifest("study_scores", "summarise"),
    log:
        paths.log("summarise", "{study}"),
    benchmark:
        paths.benchmark("summarise", "{study}")
    group:
        group_of("summarise")
    conda:
        "../../envs/analyse.yaml"
    resources:
        mem_mb=memory_of("summarise"),
        runtime=minutes_of("summarise"),
    params:
        job=lambda wildcards: ledger.summarise(wildcards.study),
    message:
        "summarise the study {wildcards.study}"
    script:
        "../scripts/5_summarise.py"


rule collect:
    """One table of all studies' scores, and one of their summaries."""
    input:
        scores=expand(paths.study_scores, study=config_of.studies),
        summary=expand(paths.study_summary, study=config_of.studies),
        comparisons=expand(paths.study_comparisons, study=config_of.studies),
    output:
        scores=paths.scores,
        summary=report(paths.summary, caption="../report/summary.rst", category="Tables"),
        summary_csv=report(paths.summary_csv, caption="../report/summary.rst", category="Tables"),
        comparisons=paths.comparisons,
        manifest=paths.manifest("scores", "collect"),
    log:
        paths.log("collect", "all"),
    benchmark:
        paths.benchmark("collect", "all")
    group:
        group_of("collect")
    conda:
        "../../envs/analyse.yaml"
    resources:
        mem_mb=memory_of("collect"),
        runtime=minutes_of("collect"),
    params:
        job=ledger.collect(),
    message:
        "collect all scores"
    script:
        "../scripts/5_collect.py"
