"""A target that is no study and no rule: said with the studies that there are, where Snakemake would only miss a rule for it."""

import re
import sys


def no_study(name):
    """Whether a word of the command line looks like a study, and is none; the names of files have a point or a slash."""
    return re.fullmatch(NAME, name) and not workflow.is_rule(name)


# Snakemake tells a Snakefile nothing of its targets: its own parser says which words of the command line they are. A program that
# calls Snakemake has a command line of its own.
if workflow.is_main_process and "snakemake" in Path(sys.argv[0]).parts[-2:] and any(map(no_study, sys.argv[1:])):
    from headroom.config.problems import meant
    from snakemake.cli import get_argument_parser

    told, _ = get_argument_parser().parse_known_args(sys.argv[1:])
    for name in filter(no_study, told.targets):
        print(f"found the target {name!r}, which is no study; {meant(name, config_of.studies)}", file=sys.stderr)
        sys.exit(1)
