"""Measure how long callers listen, and how fast a key press is answered."""

from __future__ import annotations

import argparse
import json

from app import bench_listen
from app.channels import find_channels
from app.loading import load
from app.settings import here
from app.wording import read_wording

HELP = "Measure how long callers listen, and how fast a key press is answered."


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure."""
    parser.add_argument("what", nargs="?", choices=("listen",), help="default: everything")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")


def run(args: argparse.Namespace) -> int:
    """Print the figures, and whether each aim holds."""
    found = listen()
    if args.json:
        print(json.dumps({"listen": bench_listen.as_json(found)}, ensure_ascii=False, indent=1))
    else:
        print("\n".join(bench_listen.table(found)))
    return 0


def listen() -> bench_listen.Listening:
    """The figures for the catalogue in use."""
    catalog = load(here().catalogue)
    voice = next(channel.capabilities for channel in find_channels() if channel.name == "voice")
    return bench_listen.measure(catalog, read_wording(catalog.town), voice)
