rule analyse:
    """Compute the table behind a figure."""
    input:
        lambda wildcards: sources_of(wildcards.study, wildcards.analysis),
    output:
        table=paths.table,
        manifest=paths.manifest("table", "analyse"),
    params:
        job=lambda wildcards: ledger.analyse(wildcards.study, wildcards.analysis),
    log:
        paths.log("analyse", "{study}/{analysis}"),
    benchmark:
        paths.benchmark("analyse", "{study}/{analysis}")
    conda:
        "../../envs/analyse.yaml"
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
    params:
        job=lambda wildcards: ledger.draw(wildcards.study, wildcards.analysis),
    log:
        paths.log("draw", "{study}/{analysis}"),
    benchmark:
        paths.benchmark("draw", "{study}/{analysis}")
    conda:
        "../../envs/draw.yaml"
    message:
        "draw {wildcards.study}: {wildcards.analysis}"
    script:
        "../scripts/6_draw.py"


def sources_of(study, analysis):
    """The files behind the tables that an analysis asks for, by table name."""
    from headroom.catalog import component

    runs = plan.of_study(study)
    conditions = list(dict.fromkeys(condition for condition, _ in runs))
    found = []
    for source in getattr(component("analyses", analysis), "sources", ()):
        if source in ("scores", "summary", "comparisons"):
            found.append(getattr(paths, f"study_{source}").format(study=study))
        elif source == "histories":
            weights = [path for condition in conditions for path in weights_of(condition)]
            found += [f"{path.rpartition('/')[0]}/history.parquet" for path in weights]
        else:
            found += [at(getattr(paths, source), condition) for condition in conditions]
        if source == "predictions":
            found += [at(paths.ceiling_predictions, condition, ceiling=name) for condition, grid in runs for name in grid.ceilings]
    return found
