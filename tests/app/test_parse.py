"""`plainline parse --why`: what was believed and why, in plain words."""

from __future__ import annotations

import pytest

from app.commands.parse import belief, explained
from core.types import Act, Alternative, Command, Counted, Evidence, Found, Limits, Rule, Understanding
from tests.unit.town import TOWN

LIMITS = Limits(answer=0.9, ask=0.2, nothing=0.5, act=0.3)
SURE = Understanding(
    service="card",
    confidence=0.95,
    act=Act.COST,
    act_confidence=0.7,
    considered=(Alternative(service="card", confidence=0.95), Alternative(service="bus", confidence=0.03)),
    because=Evidence(
        words=(Counted(words="ticket", share=0.62), Counted(words="bus", share=0.2)),
        like="my bus ticket is lost",
        nothing=0.02,
        limits=LIMITS,
        version="3fa92b11",
    ),
    engine="embedded",
)


def test_all_that_led_to_a_service_is_told() -> None:
    assert explained(SURE, TOWN).splitlines() == [
        "The service card (card), 95% sure: it is answered at once.",
        "Wanted is: cost, 70% sure.",
        'The words that counted, and their part of all that spoke for it: "ticket" 62%, "bus" 20%.',
        'Most like this phrase that it has learnt: "my bus ticket is lost".',
        "Also considered: bus (bus) 3%.",
        "That none of our services is meant: 2% sure.",
        "From 90% on a service is answered at once, from 20% on it is asked about. "
        "Below that, or from 50% on that none is meant, it is given up.",
        "An act is believed from 30% on.",
        "Decided by: embedded, version 3fa92b11.",
    ]


@pytest.mark.parametrize(
    ("meant", "told"),
    [
        (
            Understanding(alternatives=SURE.considered, because=Evidence(limits=LIMITS)),
            "No service is sure enough: it is asked whether card (card) or bus (bus) is meant.",
        ),
        (Understanding(act=Act.OUT_OF_SCOPE), "No service is believed to be meant."),
        (Understanding(command=Command.BACK, because=Evidence(rules=(Rule.COMMAND,))), "They are exactly a command."),
        (Understanding(because=Evidence(rules=(Rule.YES_NO,))), "They are exactly a yes or a no."),
        (Understanding(because=Evidence(rules=(Rule.NAME,))), "They are exactly the name of a service."),
        (Understanding(because=Evidence(rules=(Rule.DANGER,))), "They hold words that always tell of danger."),
        (Understanding(danger="fire"), 'Danger is told of: "fire".'),
        (
            Understanding(because=Evidence(found=(Found(service="bus", words=("ride", "line")),))),
            "The search found bus (bus) by: ride, line.",
        ),
        (Understanding(engine="rule"), "Decided by: rule."),
    ],
)
def test_each_kind_of_decision_has_its_words(meant: Understanding, told: str) -> None:
    assert told in explained(meant, TOWN).splitlines()


def test_as_json_the_words_that_counted_stand_by_themselves_too() -> None:
    row = belief(SURE)
    assert row["evidence"] == ["ticket", "bus"]
    assert row["alternatives"] == []
    assert row["because"]["version"] == "3fa92b11"  # type: ignore[index]  # plain values


def test_as_json_numbers_have_three_decimals() -> None:
    row = belief(Understanding(confidence=0.123456, alternatives=(Alternative(service="bus", confidence=0.98765),)))
    assert (row["confidence"], row["alternatives"]) == (0.123, [{"service": "bus", "confidence": 0.988}])
