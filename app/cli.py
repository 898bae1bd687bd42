"""The command `plainline`."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

from app import commands
from app.following import follow
from app.log import set_up
from core.errors import Misconfigured, PlainlineError

ENOUGH_READ = 141
"""What a shell says of a program that the signal SIGPIPE ended."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; 0 if it went well, 1 if it found something wrong, 2 if it could not start, `ENOUGH_READ` if
    whoever reads what it prints does not want more."""
    words = sys.argv[1:] if argv is None else list(argv)
    args = parser(words).parse_args(words)
    follow()
    set_up()
    try:
        ended = int(args.run(args))
        sys.stdout.flush()  # the last lines too, while it can still be said that nobody reads them
        return ended
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains as it ends
        return ENOUGH_READ
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


def parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser with every subcommand; with that alone which the words begin with, since loading all takes long."""
    top = argparse.ArgumentParser(prog="plainline", description="City services in plain words, on any line.")
    each = top.add_subparsers(required=True, metavar="command", dest="command")
    wanted = words[:1] if words and words[0] in names() else names()
    for name, module in ((name, importlib.import_module(f"app.commands.{name}")) for name in wanted):
        one = each.add_parser(name, help=module.HELP, description=module.HELP)
        module.arguments(one)
        one.set_defaults(run=module.run)
    return top


def names() -> list[str]:
    """Every subcommand."""
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


if __name__ == "__main__":
    sys.exit(main())
