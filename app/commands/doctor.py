"""Say what is set wrong, and how to mend it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from secrets import token_hex

from app import bootstrap
from app.channels import find_channels
from app.costs import prices_of_ceiling
from app.limiting import countries_of
from app.loading import lint, load
from app.messages import check
from app.settings import Settings
from core.errors import Misconfigured, PlainlineError
from core.limits import Ceiling, Scope

HELP = "Say what is set wrong and how to mend it, or print the static answer for a fallback host."


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to print."""
    parser.add_argument("--fallback", action="store_true", help="print static TwiML to put on another host")


def run(args: argparse.Namespace) -> int:
    """Print one line a finding; 0 if nothing needs mending."""
    try:
        settings = Settings.from_env(os.environ)
    except Misconfigured as wrong:
        return _tell(wrong.mistakes)
    if args.fallback:
        print(_fallback(settings))
        return 0
    findings = [finding for look in LOOKS for finding in _looked(look, settings)]
    print("\n".join(_limits(settings)))
    return _tell(findings)


def _tell(findings: tuple[str, ...] | list[str]) -> int:
    for finding in findings:
        print(f"- {finding}")
    print("Everything is set." if not findings else f"{len(findings)} to mend.")
    return 1 if findings else 0


def _looked(look: Callable[[Settings], Iterator[str]], settings: Settings) -> Iterator[str]:
    try:
        yield from look(settings)
    except Misconfigured as wrong:
        yield from wrong.mistakes
    except PlainlineError as fault:
        yield f"{type(fault).__name__}: {fault}"


def _provider(settings: Settings) -> Iterator[str]:
    if settings.twilio is None:
        yield (
            "Twilio is not set up: calls and texts are refused. Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and "
            "TWILIO_NUMBER (README, A real number in ten minutes)."
        )
    elif settings.on_loopback and not settings.twilio.api_url:
        yield (
            "PLAINLINE_PUBLIC_URL is this machine itself, where Twilio can not reach it. "
            "Set the https address that Twilio calls."
        )


def _channels(settings: Settings) -> Iterator[str]:
    for channel in find_channels():
        yield from channel.check(settings)


def _files(settings: Settings) -> Iterator[str]:
    """Whether the bucket takes files and gives them back. A folder is made when it is needed."""
    if settings.s3 is None:
        return
    files, sample = bootstrap.kept_files(settings), token_hex(8)
    name, wrong = f"doctor-{sample}", "it gives back something else"
    try:
        files.put(name, sample.encode())
        same = files.get(name) == sample.encode()
        files.delete(name)
    except OSError as fault:
        same, wrong = False, str(fault)
    if not same:
        yield (
            f"PLAINLINE_FILES_S3_BUCKET: {settings.s3.bucket} keeps no file ({wrong}). Look at bucket, endpoint, "
            "region and keys, and at what the keys may do: put, get and delete."
        )


def _database(settings: Settings) -> Iterator[str]:
    if not bootstrap.schema_is_current(settings.database_url):
        yield "The database is not up to date. Run `plainline db upgrade`; `plainline web` does it by itself."


def _catalogue(settings: Settings) -> Iterator[str]:
    yield from (str(mistake) for mistake in lint(settings.catalogue))


def _translations(settings: Settings) -> Iterator[str]:
    catalog = load(settings.catalogue)
    yield from (str(mistake) for mistake in check(catalog))


def _understanding(settings: Settings) -> Iterator[str]:
    catalog = load(settings.catalogue)
    for gap in bootstrap.gaps(catalog, settings):
        yield f"{gap}: too few phrases for people to name it in their own words. Add some."


def _prices(settings: Settings) -> Iterator[str]:
    """What is wrong with them is raised; that there are none is no mistake."""
    prices_of_ceiling(settings)
    return iter(())


def _limits(settings: Settings) -> Iterator[str]:
    """What keeps floods and fraud out, as it is set, and whether there is an alarm now. None of it is a mistake."""
    limiting = settings.limiting
    with suppress(PlainlineError):
        countries = limiting.countries or countries_of(load(settings.catalogue))
        yield f"Countries served: {', '.join(sorted(countries))}."
    for name, throttle in (("Texts", limiting.texts), ("Calls", limiting.calls)):
        each = ", ".join(f"{scope.value} {throttle.of(scope)}" for scope in Scope)
        yield f"{name} in an hour: {each}."
    ceiling = limiting.ceiling
    yield f"A day may take: {_ceiling(ceiling)}."
    with suppress(PlainlineError):
        yield from (f"ALARM: {alarm.value}." for alarm in bootstrap.alarms(settings))


def _ceiling(ceiling: Ceiling) -> str:
    units = f"{ceiling.units} segments and minutes" if ceiling.units else ""
    money = f"{ceiling.money} in the town's currency" if ceiling.money else ""
    return " or ".join(filter(None, (money, units))) or "anything (set PLAINLINE_CEILING or PLAINLINE_CEILING_UNITS)"


LOOKS = (_provider, _prices, _channels, _files, _catalogue, _translations, _understanding, _database)


def _fallback(settings: Settings) -> str:
    plainline = bootstrap.build(settings)
    return plainline.channel("voice").fallback(plainline)
