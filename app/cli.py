"""The command `plainline`."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType

from app import commands
from app.log import set_up
from core.errors import Misconfigured, PlainlineError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; 0 if it went well, 1 if it found something wrong, 2 if it could not start."""
    args = parser().parse_args(argv)
    set_up()
    try:
        return int(args.run(args))
    except Misconfigured as wrong:
        print("Plainline can not start. Please mend:", file=sys.stderr)
        for mistake in wrong.mistakes:
            print(f"  {mistake}", file=sys.stderr)
        return 2
    except PlainlineError as fault:
        print(f"{type(fault).__name__}: {fault}\nTry `plainline doctor`.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """The parser with every subcommand."""
    top = argparse.ArgumentParser(prog="plainline", description="City services in plain words, on any line.")
    each = top.add_subparsers(required=True, metavar="command", dest="command")
    for name, module in subcommands().items():
        one = each.add_parser(name, help=module.HELP, description=module.HELP)
        module.arguments(one)
        one.set_defaults(run=module.run)
    return top


def subcommands() -> dict[str, ModuleType]:
    """Every subcommand by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    return {name: importlib.import_module(f"app.commands.{name}") for name in names}


if __name__ == "__main__":
    sys.exit(main())
