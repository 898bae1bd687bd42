"""How fast words are understood, what that takes, and how the classifier does on public sets."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

from app import bootstrap
from app.loading import load
from app.settings import Settings, here
from app.understanding import understand
from app.wording import read_wording

if TYPE_CHECKING:
    from app.bootstrap import Scored, Taken

CLIENTS = 8
"""So many ask at once, in one process."""

MOST_TRAINING, MOST_P50, MOST_P99, MOST_MEGABYTES = 10.0, 3.0, 10.0, 150.0
"""The aims: seconds of the first training, milliseconds of a parse, megabytes that the engine adds."""

MOST_GROWN_P50 = 10.0
"""The aim with thousands of services: milliseconds of a parse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Seconds of the first training and of a later start, milliseconds of a parse, parses a second with `CLIENTS` at
    once, the megabytes that a process holds more than before, and in how many of the sentences that name a service the
    words named as evidence are those that counted (`nlu.faithful`)."""

    sentences: int
    training: float
    start: float
    p50: float
    p99: float
    each_second: float
    megabytes: float
    tried: int
    faithful: int


def measure(public: Path | None) -> tuple[Speed, tuple[Scored, ...]]:
    """In a process of its own, with an empty cache; `public` is a folder of public sets, None for no such."""
    with tempfile.TemporaryDirectory(prefix="plainline-bench-") as folder:
        settings = replace(here(), folder=Path(folder), rasa_url="")
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            training = pool.apply(_seconds, (settings,))
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            speed = pool.apply(_speed, (settings, training))
        return speed, bootstrap.public_sets(public, settings) if public else ()


def _seconds(settings: Settings) -> float:
    catalog = load(settings.catalogue)
    words = read_wording(catalog.town)
    began = time.perf_counter()
    bootstrap.understanding(catalog, words, settings)
    return time.perf_counter() - began


def _speed(settings: Settings, training: float) -> Speed:
    catalog = load(settings.catalogue)
    words, before = read_wording(catalog.town), _resident()
    began = time.perf_counter()
    language = bootstrap.understanding(catalog, words, settings)
    start = time.perf_counter() - began
    report = bootstrap.evaluated(language, "test", catalog.town.languages)
    held = _resident() - before
    each = {name: report.of[name] for name in catalog.town.languages}
    said = [(one.example.text, name) for name, judged in each.items() for one in judged.heard]

    def parse(one: tuple[str, str]) -> float:
        began = time.perf_counter()
        understand(*one, language.spotter, language.recognizer)
        return time.perf_counter() - began

    times = quantiles(map(parse, said), n=100)
    with ThreadPoolExecutor(CLIENTS) as clients:
        began = time.perf_counter()
        list(clients.map(parse, said))
        each_second = len(said) / (time.perf_counter() - began)
    tried, faithful = bootstrap.faithful(language, each)
    return Speed(
        sentences=len(said),
        training=training,
        start=start,
        p50=1000 * times[49],
        p99=1000 * times[98],
        each_second=each_second,
        megabytes=held,
        tried=tried,
        faithful=faithful,
    )


def _resident() -> float:
    """Megabytes that this process holds (Linux)."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def measure_growth(sizes: Sequence[int] = ()) -> tuple[Taken, ...]:
    """Each number of services in a process of its own; by default those that `nlu.growth` names."""
    found = []
    for services in sizes or bootstrap.growth_sizes():
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found.append(pool.apply(_grown, (services,)))
    return tuple(found)


def _grown(services: int) -> Taken:
    settings = here()
    return bootstrap.grown(load(settings.catalogue), settings, services)


def growth_table(grown: Sequence[Taken]) -> Iterator[str]:
    """A line for each number of services, and whether the aim for a parse holds."""
    yield "Services made up, 15 to 40 phrases each, in one language; processor time"
    yield "  services  phrases  learning s  kept MB  parse p50 ms     p99  right first"
    for one in grown:
        yield (
            f"  {one.services:8,} {one.sentences:8,} {one.seconds:11.1f} {one.megabytes:8.1f} {one.p50:13.1f}"
            f" {one.p99:7.1f} {one.first:12.2f}"
        )
    worst = max(one.p50 for one in grown)
    kept = "holds" if worst <= MOST_GROWN_P50 else "does not hold"
    yield f"Aim: a parse takes at most {MOST_GROWN_P50:g} ms in the median: {worst:.1f}, {kept}."


def growth_json(grown: Sequence[Taken]) -> list[dict[str, object]]:
    """The same as plain values."""
    return [asdict(one) for one in grown]


def table(speed: Speed, public: Sequence[Scored]) -> Iterator[str]:
    """The figures, and whether each aim holds."""
    yield f"Understanding words: {speed.sentences:,} sentences of nlu/test, one after the other"
    for what, value, most, unit in (
        ("first training", speed.training, MOST_TRAINING, "s"),
        ("later start", speed.start, 0.0, "s"),
        ("parse, p50", speed.p50, MOST_P50, "ms"),
        ("parse, p99", speed.p99, MOST_P99, "ms"),
        ("the engine adds", speed.megabytes, MOST_MEGABYTES, "MB"),
    ):
        aim = f"  aim: at most {most:g}, {'holds' if value <= most else 'does not hold'}" if most else ""
        yield f"  {what:16} {value:8.1f} {unit:2}{aim}"
    yield f"  {CLIENTS} at once      {speed.each_second:8.0f} parses a second"
    share = speed.faithful / max(speed.tried, 1)
    yield f"The words named counted in {speed.faithful:,} of {speed.tried:,} sentences that name a service: {share:.3f}"
    if public:
        yield "Public sets, right of 100: ours, TF-IDF with logistic regression"
    for one in public:
        yield f"  {one.name:28} {100 * one.ours:5.1f} {100 * one.usual:5.1f}"
        for kind, ours, usual in one.outside:
            yield (
                f"    outside, {kind:5} AUROC {ours.auroc:.3f} {usual.auroc:.3f}, "
                f"pass at 95 % recall {100 * ours.passed:.0f} {100 * usual.passed:.0f} of 100"
            )


def as_json(speed: Speed, public: Sequence[Scored]) -> dict[str, object]:
    """The same as plain values."""
    return {"speed": asdict(speed), "public": [asdict(one) for one in public]}
