"""What the engine understands, and why."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace

from app import bootstrap
from app.loading import load
from app.settings import Settings, here
from app.terminal import shown, typed
from app.understanding import understand
from app.wording import read_wording
from core.types import Understanding

RASA_HERE = "http://127.0.0.1:5005"
"""Where `make rasa` serves."""

HELP = "Show what a sentence is understood as, and why."


def arguments(parser: argparse.ArgumentParser) -> None:
    """The sentence, or - for one a line on standard input."""
    parser.add_argument("sentence", help="what a resident says; - reads one sentence a line from standard input")
    parser.add_argument("--lang", default="en", help="language spoken: en, es, zh_Hans, ar (default en)")
    which_engine(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def which_engine(parser: argparse.ArgumentParser) -> None:
    """The option that chooses the engine."""
    parser.add_argument(
        "--engine",
        choices=("embedded", "rasa"),
        help=f"default: rasa where PLAINLINE_RASA_URL is set; rasa without it asks {RASA_HERE}",
    )


def run(args: argparse.Namespace) -> int:
    """Print one belief a sentence."""
    settings = with_engine(here(), args.engine)
    catalog = load(settings.catalogue)
    if args.lang not in catalog.town.languages:
        print(f"--lang {args.lang}: use one of {', '.join(catalog.town.languages)}.", file=sys.stderr)
        return 2
    language = bootstrap.understanding(catalog, read_wording(catalog.town), settings)
    sentences = typed() if args.sentence == "-" else (args.sentence,)
    for sentence in sentences:
        meant = understand(sentence, args.lang, language.spotter, language.recognizer)
        told = json.dumps(belief(meant), ensure_ascii=False) if args.json else _shown(meant)
        print(shown(told), flush=True)
    return 0


def with_engine(settings: Settings, engine: str | None) -> Settings:
    """The settings with the engine that was asked for, None for the one that is set."""
    if engine is None:
        return settings
    return replace(settings, rasa_url=(settings.rasa_url or RASA_HERE) if engine == "rasa" else "")


def belief(meant: Understanding) -> dict[str, object]:
    """What is believed, as plain values."""
    row = asdict(meant)
    row["alternatives"] = [{"service": a.service, "confidence": round(a.confidence, 3)} for a in meant.alternatives]
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}


def _shown(meant: Understanding) -> str:
    lines = []
    if meant.danger:
        lines.append(f"danger    {meant.danger}")
    if meant.command:
        lines.append(f"command   {meant.command}")
    lines.append(f"service   {meant.service or '-'}  ({meant.confidence:.2f})")
    lines.append(f"act       {meant.act or '-'}  ({meant.act_confidence:.2f})")
    lines += [f"or        {a.service}  ({a.confidence:.2f})" for a in meant.alternatives]
    lines.append(f"by        {meant.engine}")
    lines += [f"because   {why}" for why in meant.evidence]
    return "\n".join(lines)
