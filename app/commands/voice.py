"""What callers hear, as sound."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from app.caller import Caller, first_caller
from app.own_voice import KINDS, find_own_voice
from app.settings import here
from app.sounding import Played, make, write_page
from app.speech_program import Speech, find_program
from app.spoken import EVERY_CALL, Spoken, spoken
from app.terminal import shown
from app.to_record import Marking, to_record
from core.catalog import Catalog
from core.errors import Misconfigured
from core.trouble import SLOWEST

HELP = "Make everything that callers hear into sound, with a speech program of this machine."


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to make, and where."""
    parser.add_argument("--lang", default="", help="one language (default: all of the town's)")
    parser.add_argument(
        "--service", default="", help=f"one service, or {EVERY_CALL} for what belongs to none (default: all)"
    )
    parser.add_argument("--to", type=Path, help="the folder (default: voice in the data folder)")
    parser.add_argument("--slow", action="store_true", help='as after "slower" was asked for as often as it helps')
    parser.add_argument("--list", action="store_true", help="print the sentences and their seconds, as reckoned")
    parser.add_argument(
        "--own", action="store_true", help="print what you may speak yourself, and which files are there or not listed"
    )


def run(args: argparse.Namespace) -> int:
    """0, or 1 if a language has no voice."""
    caller = first_caller()
    languages, services = _wanted(args, caller.catalog)
    if args.own:
        return _own(caller, languages, services)
    pace = SLOWEST if args.slow else 0
    if args.list:
        for one in (one for language in languages for one in _said(caller, language, services)):
            print(shown("\n".join(_listed(one, pace))))
        return 0
    folder, program = args.to or here().folder / "voice", find_program()
    played: list[Played] = []
    for language in languages:
        speech = Speech(program=program, pace=pace)
        those = list(make(_said(caller, language, services), speech, folder))
        print(_sum(language, those, pace), flush=True)
        played += those
    print(f"Open {write_page(played, folder)}")
    lacking = sorted({language for one in played for language in one.lacking})
    for language in lacking:
        silent = sum(language in one.lacking for one in played)
        print(f"No voice is known for {language}: {silent} files were left out. Their words are on the page.")
    return 1 if lacking else 0


def _own(caller: Caller, languages: Iterable[str], services: tuple[str, ...]) -> int:
    """Each file that is played in place of the machine's voice, or could be; tabs between the columns."""
    own = find_own_voice(here().own_voice, caller.catalog.town.languages)
    marked = replace(caller, words=Marking(words=caller.words))
    for language in languages:
        files = list(to_record(_said(marked, language, services), language, own))
        if services != (EVERY_CALL, *caller.catalog.services):
            files = [one for one in files if one.words]  # the rest is needed elsewhere, perhaps
        for one in files:
            how = "there" if one.there and one.words else "missing" if one.words else "not listed"
            print(shown(f"{one.file}\t{how}\t{one.words}"))
        wanted = [one for one in files if one.words]
        print(f"{language}: {sum(one.there for one in wanted)} of {len(wanted)} sentences are spoken by the office.")
    for file in own.strange:
        print(
            shown(f"{file}: not played. One {' or '.join(KINDS)} file for a name, in a folder named by its language.")
        )
    return 0


def _wanted(args: argparse.Namespace, catalog: Catalog) -> tuple[tuple[str, ...], tuple[str, ...]]:
    languages, services = catalog.town.languages, (EVERY_CALL, *catalog.services)
    mistakes: list[str] = []
    if args.lang and args.lang not in languages:
        mistakes.append(f"--lang {args.lang}: not a language of the town. Use one of {', '.join(languages)}.")
    if args.service and args.service not in services:
        mistakes.append(f"--service {args.service}: there is none. Use one of {', '.join(services)}.")
    if mistakes:
        raise Misconfigured(mistakes)
    return (args.lang,) if args.lang else languages, (args.service,) if args.service else services


def _said(caller: Caller, language: str, services: Iterable[str]) -> Iterator[Spoken]:
    for service in services:
        yield from spoken(caller, language, service)


def _listed(one: Spoken, pace: int) -> Iterator[str]:
    yield f"{one.language}/{one.service}/{one.name}  {one.seconds(pace):.1f} seconds"
    yield from (f"  {part.text}" for part in one.parts)


def _sum(language: str, played: list[Played], pace: int) -> str:
    made = [one for one in played if one.file]
    if not made:
        return f"{language}: no files"
    minutes = sum(one.seconds for one in made) / 60
    ratio = median(one.seconds / one.spoken.seconds(pace) for one in made)
    return f"{language}: {len(made)} files, {minutes:.1f} minutes, in the median {ratio:.2f} of the seconds as reckoned"
