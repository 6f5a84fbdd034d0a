"""Which files a job needs, where its wildcards alone do not say so."""


def condition_of(wildcards):
    """The planned condition that the wildcards name."""
    return plan.by_path[CONDITION.format(**dict(wildcards.items()))]


def at(pattern, condition, **more):
    """The file of a pattern for a condition."""
    coordinates = dict(system=condition.system, sensor=condition.sensor, rung=condition.rung, task=condition.task, split=condition.split)
    return pattern.format(**coordinates, **more)


def figures_of(*studies):
    """Every figure of the studies."""
    return [paths.figure.format(study=study, analysis=analysis) for study in studies for analysis in config_of.studies[study].analyses]


def recording_files(system):
    """The user's own files that a system reads; none for a simulated one."""
    return list(getattr(build("simulators", config_of.specs["systems"][system]), "files", tuple)())


def observation_of(wildcards):
    """A planned condition with this system, sensor and noise; its task and split do not matter here."""
    start = f"{wildcards.system}/{wildcards.sensor}/{wildcards.rung}/"
    return next(condition for path, condition in plan.by_path.items() if path.startswith(start))


def weights_of(condition, *models):
    """Every fit of a condition's models, or of these of them."""
    chosen = models or plan.wanted[condition].models
    return [at(paths.weights, condition, model=model, fit=fit) for model in chosen for fit in plan.fits(condition, model)]


def tallies_of(study):
    """The sums of a study's models and ceilings."""
    runs = plan.of_study(study)
    models = [at(paths.tallies, condition) for condition, _ in runs]
    ceilings = [at(paths.ceiling_tallies, condition, ceiling=name) for condition, selection in runs for name in selection.ceilings]
    return list(dict.fromkeys(models + ceilings))


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
