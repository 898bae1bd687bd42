"""What the engine understands, and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from app import bootstrap
from app.loading import load
from app.settings import ENGINES, Settings, here
from app.terminal import shown, typed
from app.understanding import understand
from app.wording import read_wording
from core.catalog import Catalog
from core.types import Limits, Rule, Understanding

RASA_HERE = "http://127.0.0.1:5005"
"""Where `make rasa` serves."""

LIKELY = 0.005
"""A service is told of from half a percent on: less would read 0 %."""

HELP = "Show what a sentence is understood as, and why."


def arguments(parser: argparse.ArgumentParser) -> None:
    """The sentence, or - for one a line on standard input."""
    parser.add_argument("sentence", help="what a resident says; - reads one sentence a line from standard input")
    parser.add_argument("--lang", default="en", help="language spoken: en, es, zh_Hans, ar (default en)")
    which_engine(parser)
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="one JSON object a line")
    shape.add_argument("--why", action="store_true", help="say in plain words what was believed and why")


def which_engine(parser: argparse.ArgumentParser) -> None:
    """The option that chooses the engine."""
    parser.add_argument(
        "--engine",
        choices=(*ENGINES, "rasa"),
        help=f"default: what is set; rasa asks {RASA_HERE} where PLAINLINE_RASA_URL is not set",
    )


def run(args: argparse.Namespace) -> int:
    """Print one belief a sentence."""
    settings = with_engine(here(), args.engine)
    catalog = load(settings.catalogue)
    if args.lang not in catalog.town.languages:
        print(f"--lang {args.lang}: use one of {', '.join(catalog.town.languages)}.", file=sys.stderr)
        return 2
    tell = _tells(args, catalog)
    language = bootstrap.understanding(catalog, read_wording(catalog.town), settings)
    sentences = typed() if args.sentence == "-" else (args.sentence,)
    for sentence in sentences:
        meant = understand(sentence, args.lang, language.spotter, language.recognizer)
        print(shown(tell(meant)), flush=True)
    return 0


def _tells(args: argparse.Namespace, catalog: Catalog) -> Callable[[Understanding], str]:
    """How a belief is put: as JSON, in plain words, or as a few lines."""
    if args.json:
        return lambda meant: json.dumps(belief(meant), ensure_ascii=False)
    return partial(explained, catalog=catalog) if args.why else _shown


def with_engine(settings: Settings, engine: str | None) -> Settings:
    """The settings with the engine that was asked for, None for the one that is set."""
    if engine is None:
        return settings
    if engine == "rasa":
        return replace(settings, rasa_url=settings.rasa_url or RASA_HERE)
    return replace(settings, nlu=engine, rasa_url="")


def belief(meant: Understanding) -> dict[str, object]:
    """What is believed, as plain values. `evidence` are the words that counted, the heaviest first."""
    row: dict[str, object] = _rounded(asdict(meant))
    row["evidence"] = [one.words for one in meant.because.words]
    return row


def _rounded(value: Any) -> Any:
    """The same with three decimals."""
    match value:
        case float():
            return round(value, 3)
        case dict():
            return {name: _rounded(one) for name, one in value.items()}
        case list() | tuple():
            return [_rounded(one) for one in value]
        case _:
            return value


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
    lines += [f"because   {one.words}  ({one.share:.2f})" for one in meant.because.words]
    lines += [f"rule      {rule}" for rule in meant.because.rules]
    return "\n".join(lines)


_RULES = {
    Rule.COMMAND: "They are exactly a command.",
    Rule.YES_NO: "They are exactly a yes or a no.",
    Rule.NAME: "They are exactly the name of a service.",
    Rule.DANGER: "They hold words that always tell of danger.",
}


def explained(meant: Understanding, catalog: Catalog) -> str:
    """What is believed and why, in plain words for whoever writes the phrases."""
    return "\n".join((*_believed(meant, catalog), *_reasons(meant, catalog), *_how_sure(meant)))


def _believed(meant: Understanding, catalog: Catalog) -> Iterator[str]:
    if meant.danger:
        yield f'Danger is told of: "{meant.danger}".'
    if meant.command:
        yield f"The command {meant.command}."
    if meant.service:
        yield f"The service {_titled(meant.service, catalog)}, {meant.confidence:.0%} sure: it is answered at once."
    elif meant.alternatives:
        asked = " or ".join(_titled(one.service, catalog) for one in meant.alternatives)
        yield f"No service is sure enough: it is asked whether {asked} is meant."
    elif not meant.command:
        yield "No service is believed to be meant."
    if meant.act:
        yield f"Wanted is: {meant.act}, {meant.act_confidence:.0%} sure."


def _reasons(meant: Understanding, catalog: Catalog) -> Iterator[str]:
    why = meant.because
    yield from (_RULES[rule] for rule in why.rules)
    if why.words:
        counted = ", ".join(f'"{one.words}" {one.share:.0%}' for one in why.words)
        yield f"The words that counted, and their part of all that spoke for it: {counted}."
    if why.like:
        yield f'Most like this phrase that it has learnt: "{why.like}".'
    for one in why.found:
        yield f"The search found {_titled(one.service, catalog)} by: {', '.join(one.words)}."
    others = [one for one in meant.considered if one.service != meant.service and one.confidence >= LIKELY]
    if others:
        likely = ", ".join(f"{_titled(one.service, catalog)} {one.confidence:.0%}" for one in others)
        yield f"Also considered: {likely}."


def _how_sure(meant: Understanding) -> Iterator[str]:
    why, limits = meant.because, meant.because.limits or Limits()
    if limits.answer:
        yield f"That none of our services is meant: {why.nothing:.0%} sure."
        yield (
            f"From {limits.answer:.0%} on a service is answered at once, from {limits.ask:.0%} on it is asked about. "
            f"Below that, or from {limits.nothing:.0%} on that none is meant, it is given up."
        )
    if limits.act:
        yield f"An act is believed from {limits.act:.0%} on."
    version = f", version {why.version}" if why.version else ""
    yield f"Decided by: {meant.engine}{version}."


def _titled(slug: str, catalog: Catalog) -> str:
    return f"{catalog.services[slug].title} ({slug})"
