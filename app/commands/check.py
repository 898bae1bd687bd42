"""Explore the dialogue over a catalogue and check its promises."""

from __future__ import annotations

import argparse
from itertools import islice
from pathlib import Path

from app.loading import load
from app.settings import here
from app.wording import read_wording
from core.exploring import explore
from core.promises import CHECKS, badly_said, check

MOST_SHOWN = 5
"""Badly said prompts that are shown at once."""

HELP = "Explore every state of the dialogue over the catalogue, and check what is promised."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which catalogue."""
    parser.add_argument("--catalogue", type=Path, help="folder with town.yml (default: PLAINLINE_CATALOGUE, else ours)")


def run(args: argparse.Namespace) -> int:
    """Print what was seen and every promise that is broken, as the call it would be."""
    catalog = load(args.catalogue or here().catalogue)
    seen = explore(catalog)
    print(f"{len(seen.edges)} states, {seen.count} edges, {len(CHECKS)} promises.")
    print(f"{len(seen.alike)} states of trouble in a service shaped like another one were not gone on from.")
    languages = catalog.town.languages
    broken = check(seen)
    broken += list(islice(badly_said(seen, read_wording(catalog.town), languages), MOST_SHOWN))
    for one in broken:
        print(f"\nBROKEN: {one.promise}\n{one.call}")
    print("\nEvery promise holds." if not broken else f"\n{len({one.promise for one in broken})} promises broken.")
    return 1 if broken else 0
