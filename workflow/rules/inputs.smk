"""Which files a job needs, where its wildcards alone do not say so."""

from functools import cache


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


def lead_fields_of(wildcards):
    """The lead field of every head that a condition's sensor and noise need."""
    return [paths.lead_field.format(head=head) for head in ledger.heads(observation_of(wildcards))]


def files_of_subject(head):
    """The user's own files that a head is read from; none for spheres."""
    subject = ledger.lead_field(head)["settings"]["head"]["subject"]
    return subject_files(subject).all() if subject else []


def recording_for(wildcards, *models):
    """The recording, where one of the models must be told something of the system; most need not."""
    return [paths.recording.format(system=wildcards.system)] if any(map(asks, models)) else []


@cache
def asks(model):
    """Whether a model must be told something of the system."""
    return bool(needs(build("models", config_of.specs["models"][model])))


def weights_of(study, condition, *models):
    """Every fit of a study's models on a condition, or of these of them."""
    chosen = models or plan.studies[study][condition].models
    return [at(paths.weights, condition, model=model, fit=fit) for model in chosen for fit in plan.fits(condition, model, study)]


def tallies_of(study):
    """The sums of a study's models and ceilings."""
    runs = plan.studies[study]
    models = [at(paths.tallies, condition, study=study) for condition in runs]
    return models + [at(paths.ceiling_tallies, condition, ceiling=name) for condition in runs for name in runs[condition].ceilings]


def report_tables_of(*studies):
    """The tables that the report shows of the studies."""
    return expand([paths.study_summary, paths.study_comparisons, paths.study_verdicts], study=studies)


OF_RECORDINGS = ("wiring", "spikes", "tuning")


def sources_of(study, analysis):
    """The files behind the tables that an analysis asks for, each with the columns that its place stands for."""
    runs = plan.studies[study]
    found = {}
    for source in getattr(component("analyses", analysis), "sources", ()):
        if source == "systems":  # settings, which are no file
            continue
        if source in ("scores", "summary", "comparisons", "verdicts"):
            found[getattr(paths, f"study_{source}").format(study=study)] = {}
        elif source in OF_RECORDINGS:
            for system in dict.fromkeys(condition.system for condition in runs):
                mine = [condition for condition in runs if condition.system == system]
                whole = min(mine, key=lambda condition: config_of.specs["splits"][condition.split]["kind"] != "by_trial")
                where = {"system": system, "split": whole.split}
                found[paths.recording.format(system=system)] = where
                found |= {at(paths.dataset, whole): where} if source == "spikes" else {}
        elif source == "signal_to_noise":
            found |= {at(paths.dataset, condition): condition.where for condition in runs}
        elif source == "topography":  # lead fields first: the datasets are looked at through them
            through = {condition: ledger.heads(condition) for condition in runs if ledger.heads(condition)}
            found |= {paths.lead_field.format(head=head): {} for heads in through.values() for head in heads}
            found |= {at(paths.dataset, condition): condition.where for condition in through}
        elif source == "histories":
            for condition, asked in runs.items():
                where = condition.where | {"task": condition.task}
                found |= {
                    file.replace("weights.safetensors", "history.parquet"): where | {"model": model}
                    for model in asked.models
                    for file in weights_of(study, condition, model)
                }
        else:
            found |= {at(getattr(paths, source), condition, study=study): condition.where for condition in runs}
        if source == "predictions":
            found |= {
                at(paths.ceiling_predictions, condition, ceiling=name): condition.where
                for condition, asked in runs.items()
                for name in asked.ceilings
            }
    return found
