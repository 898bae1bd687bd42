"""What understands words: what it learns from, for another engine, and how well it does."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app import bootstrap
from app.commands.parse import RASA_HERE, which_engine, with_engine
from app.loading import load
from app.settings import here
from app.terminal import shown
from app.wording import read_wording

if TYPE_CHECKING:
    from app.bootstrap import Proposals

HELP = "Say how well words are understood, and write what another engine learns from."

SETS = ("test", "calibration")
"""The sentences kept apart: to tell figures of, and to choose thresholds by."""

RASA_PROJECT = Path("nlu/rasa")
"""Where a Rasa project is written to, from the folder where the command is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One `plainline nlu <name>`."""

    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    each = parser.add_subparsers(required=True, metavar="what", dest="what")
    for name, doing in DOINGS.items():
        doing.arguments(each.add_parser(name, help=doing.help, description=doing.help))


def run(args: argparse.Namespace) -> int:
    """Do it."""
    return DOINGS[args.what].run(args)


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("engine", choices=("rasa",))
    parser.add_argument("--to", type=Path, default=RASA_PROJECT, help=f"a folder (default {RASA_PROJECT})")


def _export(args: argparse.Namespace) -> int:
    settings = here()
    written = bootstrap.export_rasa(load(settings.catalogue), settings, args.to)
    told = ", ".join(f"{language} {sentences:,}" for language, sentences in written.items())
    print(f"Written to {args.to}: {told} sentences.")
    return 0


def _calibrate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("engine", choices=("rasa",))
    parser.add_argument("--url", help=f"of its server (default: PLAINLINE_RASA_URL, else {RASA_HERE})")


def _calibrate(args: argparse.Namespace) -> int:
    settings = here()
    url = args.url or settings.rasa_url or RASA_HERE
    for line in bootstrap.calibrate_rasa(load(settings.catalogue), settings, url):
        print(line, flush=True)
    return 0


def _evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", choices=SETS, default="test", dest="kind", help="of sentences (default test)")
    parser.add_argument("--lang", action="append", help="one language; may be given again (default: all of the town)")
    which_engine(parser)
    parser.add_argument("--json", action="store_true", help="everything as JSON, with the sentences not understood")
    parser.add_argument("--html", type=Path, help="write the report with pictures into this file")


def _evaluate(args: argparse.Namespace) -> int:
    settings = with_engine(here(), args.engine)
    catalog = load(settings.catalogue)
    languages = args.lang or catalog.town.languages
    if unknown := [name for name in languages if name not in catalog.town.languages]:
        print(f"--lang {unknown[0]}: use one of {', '.join(catalog.town.languages)}.", file=sys.stderr)
        return 2
    language = bootstrap.understanding(catalog, read_wording(catalog.town), settings)
    report = bootstrap.evaluated(language, args.kind, languages)
    if args.html:
        args.html.write_text(report.page(), encoding="utf-8")
    told = [json.dumps(report.values(), ensure_ascii=False, indent=1)] if args.json else report.table()
    print("\n".join(told))
    return 0


def _suggest_arguments(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="the same as JSON")
    form.add_argument("--to", type=Path, help="write one file a language into this folder")


def _suggest(args: argparse.Namespace) -> int:
    settings = here()
    bootstrap.upgrade(settings.database_url)
    found = bootstrap.suggested(load(settings.catalogue), settings)
    if args.json:
        print(json.dumps(found.values(), ensure_ascii=False, indent=1))
        return 0
    for language in found.languages():
        if args.to:
            args.to.mkdir(parents=True, exist_ok=True)
            (args.to / f"{language}.yml").write_text(found.yaml(language), encoding="utf-8")
        else:
            print(f"---\n{shown(found.yaml(language))}")
    print("\n".join(f"# {line}" for line in _summed_up(found, args.to)))
    return 0


def _summed_up(found: Proposals, folder: Path | None) -> Iterator[str]:
    where = f" Written to {folder}." if folder and found.each else ""
    yield f"Proposals: {len(found.each)}.{where} Nothing is learnt from them until a person puts them into nlu/data."
    yield from (f"Left out: {count} {why}." for why, count in found.left_out.items())


DOINGS: Mapping[str, Doing] = {
    "calibrate": Doing(
        help="Ask a Rasa server about nlu/calibration, and say how sure it must be for what is promised.",
        arguments=_calibrate_arguments,
        run=_calibrate,
    ),
    "evaluate": Doing(
        help="Say how well words are understood, by sentences that nothing was learnt from.",
        arguments=_evaluate_arguments,
        run=_evaluate,
    ),
    "export": Doing(
        help="Write a project for another engine, with all sentences that ours learns from.",
        arguments=_export_arguments,
        run=_export,
    ),
    "suggest": Doing(
        help="Propose examples out of what staff corrected, with numbers and most names replaced. Nothing is learnt.",
        arguments=_suggest_arguments,
        run=_suggest,
    ),
}
