"""From command line to exit code: a mistake is one line, never a traceback."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from headroom.core.errors import HeadroomError

DESCRIPTION = "How good is a forecast of neural dynamics, and how good could it be? What to run stands in config.yaml;\n"
DESCRIPTION += "`snakemake --cores 2` (or `make reproduce`) runs it. This command looks before and after."
EPILOG = """where to start:
  make reproduce PRESET=smoke          the whole pipeline on tiny networks, a minute
  headroom plan --preset smoke         what a run would cost, before it starts
  headroom check --preset smoke        whether every file of it is there and whole
  headroom new simulator my_system     a file of your own to start from

`headroom COMMAND --help` describes a command, with examples. Run it in the folder that holds config.yaml."""
FAILED, MISUSED, INTERRUPTED = 1, 2, 130
RAW = argparse.RawDescriptionHelpFormatter


def names() -> list[str]:
    """The subcommands: the files beside this one."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code, 1 after a HeadroomError, whose one line stands on stderr."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(given)
    except HeadroomError as error:
        return _said(error)
    except BrokenPipeError:  # `headroom check | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        if error.filename is None:
            raise
        return _said(f"{error.filename}: {error.strerror}")
    except KeyboardInterrupt:
        _said("stopped")
        return INTERRUPTED


def _run(given: Sequence[str]) -> int:
    if given and not given[0].startswith("-") and given[0] not in names():
        _said(f"no command {given[0]!r}; {_meant(given[0])}")
        return MISUSED
    parser = _parser(given[0] if given else "")
    if not given:
        parser.print_help()
        return MISUSED
    options = parser.parse_args(given)
    code: int = options.run(options)
    sys.stdout.flush()
    return code


def _parser(asked: str) -> argparse.ArgumentParser:
    """The parser of one subcommand, or of all where none was asked for: only these are imported."""
    parser = argparse.ArgumentParser("headroom", description=DESCRIPTION, epilog=EPILOG, formatter_class=RAW)
    below = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in [asked] if asked in names() else names():
        _add(below, name)
    return parser


def _add(below: Any, name: str) -> None:
    command = import_module(f"headroom.command.{name}")
    examples = getattr(command, "EXAMPLES", "").strip("\n")
    parser = below.add_parser(
        name,
        help=command.SUMMARY,
        description=command.DESCRIPTION,
        epilog=f"examples:\n{examples}" if examples else None,
        formatter_class=RAW,
    )
    command.arguments(parser)
    parser.set_defaults(run=command.run)


def _meant(word: str) -> str:
    from headroom.config.problems import meant

    return f"{meant(word, names())} See: headroom --help"


def _said(words: object) -> int:
    print(f"headroom: {words}", file=sys.stderr)
    return FAILED
