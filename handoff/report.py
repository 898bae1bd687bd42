"""The report of a month: who got through, and where it fails. It counts, and names nobody, whoever works here least.

It is for staff who see all departments: nobody else's work needs the figures of the whole town.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from app import report
from app.report import FORMS, GROUPS, OUTCOMES, RATED, Month, Report, Row
from core.phrases import text
from core.reporting import Fact
from core.types import WHATSAPP, Listing, Medium
from handoff import words
from handoff.guard import clerk, page_now

if TYPE_CHECKING:
    from app.bootstrap import Plainline

MONTHS = 12
"""Months that can be chosen."""

KEPT = 4
"""Reports that are remembered: a month that is settled does not change."""


class Reports:
    """The view of the report."""

    def __init__(self, plainline: Plainline) -> None:
        self.plainline = plainline
        self.made = lru_cache(maxsize=KEPT)(self._make)

    def add_to(self, routes: Blueprint) -> None:
        """Bring the route."""
        routes.add_url_rule("/console/report", "report", self.report_page, methods=["GET"])

    def report_page(self) -> ResponseReturnValue:
        """The figures of a month, the newest if none is chosen."""
        if clerk().department:
            abort(404)
        months, chosen = self._months(), request.args.get("month")
        if not months and not chosen:
            return render_template("console_report.html", months=())
        month = next((one for one in months if chosen in (None, str(one))), None) or abort(404)
        made, page = self.made(month), page_now()
        shown = {
            "months": [(str(one), page.month(one.first)) for one in months],
            "month": str(month),
            "outcomes": [page.say(words.FACTS[fact]) for fact in OUTCOMES],
            "tables": self._tables(made, _outcomes),
            "besides": self._tables(made, _besides),
            "left": self._left(made),
        }
        return render_template("console_report.html", **shown)

    def _months(self) -> tuple[Month, ...]:
        """The newest that can be told."""
        zone = ZoneInfo(self.plainline.catalog.town.timezone)
        return report.months(self.plainline.report.begun(), self.plainline.clock(), zone)[:MONTHS]

    def _make(self, month: Month) -> Report:
        return report.make(self.plainline.report, month, self.plainline.catalog)

    def _tables(
        self, made: Report, cells: Callable[[Row], list[str]]
    ) -> list[tuple[str, list[tuple[str, list[str]]], str]]:
        """For each group its title, its rows, and in a sentence the names of those of which nothing is shown."""
        page, tables = page_now(), []
        for group in ("all", *GROUPS):
            rows = [(self._name(row), cells(row)) for row in made.of(group)]
            names = tuple(text("{name}", name=name) for name, told in rows if not any(told))
            untold = page.say(words.NOT_SHOWN.id, names=Listing(items=names)) if names else ""
            tables.append((page.say(words.REPORTED_BY[group]), [row for row in rows if any(row[1])], untold))
        return tables

    def _left(self, made: Report) -> list[tuple[str, str, str]]:
        """Service, question, and how many forms were left there; only what is told."""
        services, page = self.plainline.catalog.services, page_now()
        return [
            (
                page.say(text(services[one.service].title)),
                page.say(text(services[one.service].steps[one.step - 1].ask) if one.step else words.READ_BACK),
                _number(one.count),
            )
            for one in made.left
            if one.count is not None
        ]

    def _name(self, row: Row) -> str:
        page = page_now()
        if row.name == report.NONE or row.group == "all":
            return page.say(words.REPORTED_NONE[row.group])
        if row.group == "service":
            return page.say(text(self.plainline.catalog.services[row.name].title))
        if row.group == "language":
            return page.language_name(row.name)
        return words.ON_WHATSAPP if row.name == WHATSAPP else page.say(words.MEDIA[Medium(row.name)])


def _outcomes(row: Row) -> list[str]:
    """How many contacts there were, and what shares of them ended how; "" is not shown."""
    return [_number(row.sums[OUTCOMES]), *(_share(row, fact) for fact in OUTCOMES)]


def _besides(row: Row) -> list[str]:
    """Answers and who got it, forms and those left, contacts not understood, and cases; "" is not shown."""
    rated, forms = _number(row.sums[RATED]), _number(row.sums[FORMS])
    single = (_number(row.counts[fact]) for fact in (Fact.UNCLEAR, Fact.REOPENED))
    return [rated, _share(row, Fact.GOT), forms, _share(row, Fact.LEFT), *single]


def _number(count: int | None) -> str:
    return "" if count is None else page_now().say(text("{count}", count=count))


def _share(row: Row, fact: Fact) -> str:
    share = row.share(fact)
    if share is None:
        return ""
    least, most = (round(100 * end) for end in share.interval)
    return page_now().say(words.SHARE.id, share=round(100 * share.value), least=least, most=most)
