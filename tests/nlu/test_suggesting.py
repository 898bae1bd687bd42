"""Corrections become proposals that a person may put into the examples."""

from __future__ import annotations

from functools import cache

import yaml

from core.staff import Corrected
from nlu.apart import CALIBRATION, read
from nlu.suggesting import APART, ELSEWHERE, LEARNT, TOO_LITTLE, UNDERSTOOD, Proposal, Proposals, proposed
from tests.nlu import whole

SAID = "the glow thing over my porch walk went kaput, my name is Maria Gonzalez"
LEFT = "the glow thing over my porch walk went kaput, my name is [name]"


def corrected(words: str = SAID, language: str = "en", meant: str = "service_streetlight", **more: str) -> Corrected:
    return Corrected(words=words, language=language, meant=meant, believed=more.get("believed", "service_noise"))


def of(*each: Corrected) -> Proposals:
    return proposed(each, whole.data())


@cache
def a_sentence_kept_apart() -> str:
    return max((one.text for one in read(CALIBRATION / "en.yml").examples), key=len)


def test_what_was_corrected_alike_is_one_proposal_with_how_often_and_instead_of_what() -> None:
    other = SAID.replace("Maria Gonzalez", "Joan Abernathy")
    found = of(corrected(), corrected(other), corrected(believed=""))
    assert found.left_out == {}
    assert found.each == (
        Proposal(language="en", intent="service_streetlight", text=LEFT, times=3, taken_for=("service_noise", "")),
    )


def test_a_sentence_that_is_learnt_already_or_kept_apart_is_left_out_and_counted() -> None:
    known = next(text for text in whole.catalog().services["streetlight"].phrases if len(text) > 20)
    found = of(corrected(f"{known}!"), corrected(a_sentence_kept_apart()))
    assert found.each == ()
    assert found.left_out == {LEARNT: 1, APART: 1}


def test_what_was_understood_rightly_or_says_nothing_or_is_foreign_is_left_out_and_counted() -> None:
    found = of(
        corrected(believed="service_streetlight"),
        corrected("Maria Gonzalez 415 555 0123"),
        corrected(language="tl"),
    )
    assert found.each == ()
    assert found.left_out == {UNDERSTOOD: 1, TOO_LITTLE: 1, ELSEWHERE: 1}


def test_the_yaml_has_the_form_of_the_examples() -> None:
    odd = 'a "lamp" that says: {on} # off, and flickers oddly'
    scared = "there is a strange man hammering upon our porch window"
    found = of(corrected(), corrected(odd), corrected(scared, meant="danger_now"))
    text = found.yaml("en")
    content = yaml.safe_load(text)
    assert content["version"] == "3.1"
    blocks = {block["intent"]: block["examples"] for block in content["nlu"]}
    assert {one["text"] for one in blocks["service_streetlight"]} == {LEFT, odd}
    assert blocks["danger_now"] == f"- {scared}\n"
    assert "Nothing is learnt from these until a person puts them" in text
    assert "once, taken for service_noise" in text


def test_each_language_has_its_own() -> None:
    spanish = "el cachivache que alumbra mi banqueta se fregó"
    found = of(corrected(), corrected(spanish, language="es"))
    assert found.languages() == ("en", "es")
    assert spanish in found.yaml("es")
    assert spanish not in found.yaml("en")


def test_the_json_says_the_same() -> None:
    values = of(corrected(), corrected(language="tl")).values()
    assert values["proposals"] == [
        {
            "language": "en",
            "intent": "service_streetlight",
            "text": LEFT,
            "times": 1,
            "taken_for": ("service_noise",),
        }
    ]
    assert values["left_out"] == {ELSEWHERE: 1}
    assert "until a person" in str(values["note"])
