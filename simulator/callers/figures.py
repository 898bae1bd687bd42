"""What came of many calls: shares with their intervals, by persona, language and channel, as a table, JSON and a
picture."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from core.shares import Share
from simulator.callers.calling import ALONE, CALL_BACK, GAVE_UP, LOST, WITH_PERSON, Outcome

COLOURS = {ALONE: "#1b7837", WITH_PERSON: "#7fbf7b", CALL_BACK: "#d9f0d3", GAVE_UP: "#f1b6da", LOST: "#8e0152"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What came of one group of calls. `presses` is the median; `to_answer` the median of seconds until it was finished
    alone; `misunderstood` and `wrong` are a call's mean, `undone` the share of what was misunderstood.
    `sent_wrong`: of the forms that were sent, those with an answer that was not meant."""

    group: str
    name: str
    calls: int
    shares: dict[str, Share]
    presses: float
    to_answer: float
    misunderstood: float
    undone: float
    wrong: float
    sent_wrong: Share

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        told = asdict(self)
        told["shares"] = {name: _as_json(one) for name, one in self.shares.items()}
        told["sent_wrong"] = _as_json(self.sent_wrong)
        return told


def _as_json(one: Share) -> dict[str, float]:
    return {"share": one.value, "least": one.interval[0], "most": one.interval[1]}


GROUPS: dict[str, Callable[[Outcome], str]] = {
    "all": lambda _: "all",
    "channel": lambda one: one.channel,
    "language": lambda one: one.language,
    "persona": lambda one: one.persona,
    "task": lambda one: one.task.partition(" ")[0],
    "cell": lambda one: f"{one.persona}, {one.language}",
}


def rows(outcomes: Sequence[Outcome]) -> list[Row]:
    """Every group of every kind, in the order in which it came first."""
    return [
        row(group, name, [one for one in outcomes if by(one) == name])
        for group, by in GROUPS.items()
        for name in dict.fromkeys(map(by, outcomes))
    ]


def row(group: str, name: str, outcomes: Sequence[Outcome]) -> Row:
    """One group."""
    of, answered = len(outcomes), [one.to_answer for one in outcomes if one.outcome == ALONE]
    misunderstood = sum(one.misunderstood for one in outcomes)
    return Row(
        group=group,
        name=name,
        calls=of,
        shares={kind: Share(count=sum(one.outcome == kind for one in outcomes), of=of) for kind in COLOURS},
        presses=median([one.presses for one in outcomes]) if outcomes else 0.0,
        to_answer=median(answered) if answered else 0.0,
        misunderstood=misunderstood / of if of else 0.0,
        undone=sum(one.undone for one in outcomes) / misunderstood if misunderstood else 0.0,
        wrong=sum(one.wrong for one in outcomes) / of if of else 0.0,
        sent_wrong=Share(count=sum(one.sent_wrong for one in outcomes), of=sum(one.sent for one in outcomes)),
    )


def table(found: Sequence[Row], cells: bool = False, groups: Sequence[str] = tuple(GROUPS)) -> Iterator[str]:
    """The figures as lines of text; single cells only if they are asked for."""
    yield "Shares in per cent with their 95 % intervals; presses and seconds to an answer are medians;"
    yield "misunderstandings and wrong things opened are a call's mean, undone a share of the misunderstandings;"
    yield "sent wrong: of the forms that were sent, those with an answer that was not meant"
    for group in groups:
        if group == "cell" and not cells:
            continue
        yield ""
        heads = "".join(f"{head:>16}" for head in COLOURS)
        means = f"{'presses':>8}{'seconds':>8}{'misund.':>8}{'undone':>7}{'wrong':>6}{'sent wrong':>16}"
        yield f"{group:24}{'calls':>6}{heads}{means}"
        for one in found:
            if one.group == group:
                shares = "".join(f"{one.shares[kind]!s:>16}" for kind in COLOURS)
                yield (
                    f"{one.name:24}{one.calls:6}{shares}{one.presses:8.0f}{one.to_answer:8.1f}"
                    f"{one.misunderstood:8.2f}{one.undone:7.0%}{one.wrong:6.2f}{_of_sent(one.sent_wrong):>16}"
                )


def _of_sent(share: Share) -> str:
    """Nothing, where no form was sent."""
    return str(share) if share.of else ""


def picture(found: Sequence[Row], title: str) -> str:
    """The shares as bars, an SVG."""
    shown = [one for one in found if one.group in ("all", "channel", "language", "persona")]
    height, lines = 22, list[str]()
    for place, one in enumerate(shown):
        top, left = 60 + place * height, 190.0
        lines.append(f'<text x="180" y="{top + 14}" text-anchor="end">{html.escape(one.name)}</text>')
        for kind, colour in COLOURS.items():
            width = 500 * one.shares[kind].value
            told = f"{one.name}, {kind}: {one.shares[kind]}"
            lines.append(
                f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{height - 5}" fill="{colour}">'
                f"<title>{html.escape(told)}</title></rect>"
            )
            left += width
        lines.append(f'<text x="700" y="{top + 14}">{100 * one.shares[ALONE].value:.0f} % of {one.calls}</text>')
    legend = "".join(
        f'<rect x="{190 + 100 * place}" y="32" width="12" height="12" fill="{colour}"/>'
        f'<text x="{206 + 100 * place}" y="43">{kind}</text>'
        for place, (kind, colour) in enumerate(COLOURS.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="820" height="{70 + len(shown) * height}" '
        f'font-family="sans-serif" font-size="13"><text x="190" y="20">{html.escape(title)}</text>{legend}'
        f"{''.join(lines)}</svg>\n"
    )
