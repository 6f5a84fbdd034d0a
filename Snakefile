"""Headroom: simulate, observe at every noise level, train, and score each model between a floor and a ceiling.

A table of contents: each stage's rules stand in workflow/rules, its code in workflow/scripts and workflow/headroom.
"""

from snakemake.utils import min_version

min_version("9.0")


include: "workflow/rules/on_a_node.smk"
include: "workflow/rules/common.smk"
include: "workflow/rules/inputs.smk"
include: "workflow/rules/requests.smk"


rule all:
    """Everything that config.yaml asks for: all scores, figures and the report."""
    default_target: True
    input:
        paths.scores,
        paths.report,
        figures_of(*config_of.studies),


include: "workflow/rules/1_simulate.smk"
include: "workflow/rules/2_observe.smk"
include: "workflow/rules/3_dataset.smk"
include: "workflow/rules/4_train.smk"
include: "workflow/rules/5_evaluate.smk"
include: "workflow/rules/6_analyse.smk"
include: "workflow/rules/7_report.smk"
include: "workflow/rules/classic_network.smk"
include: "workflow/rules/studies.smk"
include: "workflow/rules/targets.smk"
