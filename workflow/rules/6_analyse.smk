rule analyse:
    """Compute the table behind a figure."""
    input:
        lambda wildcards: list(sources_of(wildcards.study, wildcards.analysis)),
    output:
        table=paths.table,
        manifest=paths.manifest("table", "analyse"),
    log:
        paths.log("analyse", "{study}/{analysis}"),
    benchmark:
        paths.benchmark("analyse", "{study}/{analysis}")
    conda:
        "../../envs/analyse.yaml"
    params:
        job=lambda wildcards: ledger.analyse(wildcards.study, wildcards.analysis),
        where=lambda wildcards: list(sources_of(wildcards.study, wildcards.analysis).values()),
    message:
        "analyse {wildcards.study}: {wildcards.analysis}"
    script:
        "../scripts/6_analyse.py"


rule draw:
    """Draw a figure from its table alone."""
    input:
        table=paths.table,
    output:
        figure=report(paths.figure, caption="../report/figure.rst", category="{study}", labels={"figure": "{analysis}"}),
        manifest=paths.manifest("figure", "draw"),
    log:
        paths.log("draw", "{study}/{analysis}"),
    benchmark:
        paths.benchmark("draw", "{study}/{analysis}")
    conda:
        "../../envs/draw.yaml"
    params:
        job=lambda wildcards: ledger.draw(wildcards.study, wildcards.analysis),
    message:
        "draw {wildcards.study}: {wildcards.analysis}"
    script:
        "../scripts/6_draw.py"


def sources_of(study, analysis):
    """The files behind the tables that an analysis asks for, each with the columns that its place stands for."""
    runs = plan.of_study(study)
    found = {}
    for source in getattr(component("analyses", analysis), "sources", ()):
        if source in ("scores", "summary", "comparisons", "verdicts"):
            found[getattr(paths, f"study_{source}").format(study=study)] = {}
        elif source == "histories":
            for condition, grid in runs:
                where = condition.where | {"task": condition.task}
                found |= {
                    file.replace("weights.safetensors", "history.parquet"): where | {"model": model}
                    for model in grid.models
                    for file in weights_of(condition, model)
                }
        else:
            found |= {at(getattr(paths, source), condition): condition.where for condition, _ in runs}
        if source == "predictions":
            found |= {
                at(paths.ceiling_predictions, condition, ceiling=name): condition.where
                for condition, grid in runs
                for name in grid.ceilings
            }
    return found
