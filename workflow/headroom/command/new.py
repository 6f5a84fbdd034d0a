"""`headroom new`: a file of your own to start from, small and working."""

import argparse

from headroom.command._kinds import EVERY, KINDS, STUDY

SUMMARY = "start a simulator, sensor, noise, model, figure or study of your own from a small one that works"
DESCRIPTION = """Write one file that works at once, and a test of it: change it step by step, and the tests tell when it breaks.
No other file needs to know of it: its file name is its name in config.yaml.

what each kind starts as:
""" + "\n".join(f"  {name:<10} {kind.what}" for name, kind in KINDS.items())
DESCRIPTION += "\n  study      NAME.yaml, to be laid over config.yaml by --configfile"
EXAMPLES = """  headroom new simulator my_system            workflow/headroom/simulators/my_system.py and its test
  headroom new model my_model --network       a torch network
  headroom new study my_study                 my_study.yaml
  headroom new study try_it --systems my_system --models persistence ridge_var my_model"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("kind", choices=EVERY, metavar="KIND", help="one of: " + ", ".join(EVERY))
    parser.add_argument("name", metavar="NAME", help="small letters, digits and _: the file's name, and its name in config.yaml")
    parser.add_argument("--network", action="store_true", help="for a model: a network that the training engine trains")
    parser.add_argument("--systems", nargs="+", metavar="NAME", help="for a study: the systems to look at (default: kuramoto)")
    parser.add_argument("--models", nargs="+", metavar="NAME", help="for a study: the models to compare")
    parser.add_argument("--force", action="store_true", help="write over a file of that kind and name")


def run(options: argparse.Namespace) -> int:
    """Write and say how to go on; raises HeadroomError for a name that will not do."""
    from headroom.command._arguments import require_project
    from headroom.core.errors import HeadroomError

    require_project()
    if options.network and options.kind != "model":
        raise HeadroomError(f"--network: found it with {options.kind}; only a model can be a network")
    if (options.systems or options.models) and options.kind != STUDY:
        raise HeadroomError(f"--systems, --models: found them with {options.kind}; only a study has these")
    return _study(options) if options.kind == STUDY else _component(options)


def _study(options: argparse.Namespace) -> int:
    from headroom.command._new_study import write_study

    file = write_study(options)
    print(f"wrote {file}:\n\n{file.read_text(encoding='utf-8')}")
    print(f"what it costs:  headroom plan --configfile {file}")
    print(f"run it:         snakemake --cores 2 --configfile {file}")
    print(f"read first:     results/{options.name}/7_report/report.html")
    return 0


def _component(options: argparse.Namespace) -> int:
    from headroom.command._new_component import how_to_use, refresh_schema, write_component

    kind, name = KINDS[options.kind], options.name
    for file in write_component(options):
        print(f"wrote {file}")
    print(refresh_schema())
    print(f"\nuse it: in config.yaml, or in a file of your own for --configfile\n\n{how_to_use(kind, name)}\n")
    print(f"try it: python -m pytest tests/library/test_{name}.py")
    print(f"        python -m pytest tests/contracts/{kind.contract} -k {name}    what every {options.kind} must keep")
    return 0
