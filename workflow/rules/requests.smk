"""What each job asks of a cluster, and with which others it shares a submission; a run on one machine ignores all of it."""

from headroom.planning.requests import Requests

requests = Requests(config_of, plan)
ON_GPUS = config_of.general.device == "cuda"

WILDCARDS = {
    "simulate": "{system}",
    "lead_field": "{head}",
    "observe": "{system}/{sensor}/{rung}",
    "dataset": CONDITION,
    "train": f"{CONDITION}/{{model}}/{{fit}}",
    "ceiling": f"{CONDITION}/{{ceiling}}",
    "evaluate": f"{{study}}/{CONDITION}",
    "summarise": "{study}",
    "collect": "all",
    "analyse": "{study}/{analysis}",
    "draw": "{study}/{analysis}",
    "report": "all",
    "page": "{study}",
}


def memory_of(rule):
    """Memory [MB] of the rule's jobs, more at every attempt."""
    return lambda wildcards, attempt: requests.memory(rule, WILDCARDS[rule].format(**wildcards), attempt)


def minutes_of(rule):
    """Wall time [min] of the rule's jobs, more at every attempt."""
    return lambda wildcards, attempt: requests.minutes(rule, WILDCARDS[rule].format(**wildcards), attempt)


def gpus_of(rule):
    """GPUs of the rule's jobs."""
    return (lambda wildcards: requests.gpus(rule, WILDCARDS[rule].format(**wildcards))) if ON_GPUS else 0


def group_of(rule):
    """The rule's short jobs, with others of their stage: where a profile's group-components says with how many, and nowhere else."""
    return lambda wildcards: requests.group(rule, WILDCARDS[rule].format(**wildcards)) if workflow.group_settings.group_components else None


def mark_of_training():
    """With `device: cuda` the mark of a network's script by which on_a_device.sh knows that it wants a GPU of its own."""
    return {"share": lambda wildcards: "gpu_of_its_own" if gpus_of("train")(wildcards) else "none"} if ON_GPUS else {}


if workflow.is_main_process and not ON_GPUS and "gpu" in workflow.global_resources:
    logger.warning(
        f"GPUs are offered (resources: gpu), but networks will be trained with device: {config_of.general.device}. "
        "--config on the command line replaces the profile's: add device=cuda to it."
    )

if ON_GPUS:
    shell.prefix(f"set -euo pipefail; source {shlex.quote(str(ROOT / 'workflow' / 'scripts' / 'on_a_device.sh'))}; ")
