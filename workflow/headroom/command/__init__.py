"""The `headroom` command. A subcommand is one file, and its file name is its name; files that start with `_` are shared.

Each has `SUMMARY` (one line), `DESCRIPTION`, `EXAMPLES` (command lines, shown below its help), `arguments(parser)` and
`run(options) -> exit code`. Modules import nothing heavy at their top: help must not wait for it.
"""
