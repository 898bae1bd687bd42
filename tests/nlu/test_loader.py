"""Reading what the recognisers learn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import Misconfigured
from core.types import Act, Command
from nlu import loader
from tests.nlu import made


def mistakes(folder: Path, languages: tuple[str, ...] = ("en",)) -> str:
    with pytest.raises(Misconfigured) as caught:
        loader.load(folder, made.catalog(languages))
    return str(caught.value)


def test_english_phrases_come_from_the_catalogue_and_others_from_the_files(tmp_path: Path) -> None:
    english, chinese = loader.load(made.both(tmp_path), made.catalog())
    assert english.language == "en"
    assert english.services["bus_card"] == (*made.SERVICES["bus_card"], "Bus card")
    assert chinese.services["bus_card"] == made.CHINESE_SERVICES["bus_card"]
    assert chinese.acts[Act.COST] == ("多少钱", "要交费吗")


def test_words_of_the_exact_rules_become_a_lexicon(tmp_path: Path) -> None:
    english, chinese = loader.load(made.both(tmp_path), made.catalog())
    assert english.lexicon.commands[Command.PERSON] == ("person",)
    assert (english.lexicon.yes, english.lexicon.no) == (("yes",), ("no",))
    assert (english.lexicon.danger, english.lexicon.harmless) == (("I smell gas",), ("gas bill",))
    assert (english.lexicon.spaced, chinese.lexicon.spaced) == (True, False)


def test_chinese_words_are_also_known_in_traditional_characters(tmp_path: Path) -> None:
    _, chinese = loader.load(made.both(tmp_path), made.catalog())
    assert set(chinese.lexicon.danger) == {"救护车", "救護車"}


Change = Callable[[made.Blocks], object]

BROKEN: list[tuple[Change, str]] = [
    (lambda b: b.update({("intent", "service_dance"): ["a"]}), "intent service_dance: expected one of"),
    (lambda b: b.update({("intent", "act_dance"): ["a"]}), "intent act_dance: expected one of act_about"),
    (lambda b: b.update({("intent", "act_yes"): ["a"]}), "intent act_yes: expected one of"),
    (lambda b: b.update({("lookup", "command_dance"): ["a"]}), "lookup command_dance: expected one of"),
    (lambda b: b.update({("synonym", "bus"): ["a"]}), "expected one intent: or lookup:"),
    (lambda b: b.update({("intent", "act_cost"): []}), "intent act_cost: expected at least one example"),
    (lambda b: b.update({("intent", "act_cost"): ["?!"]}), "expected each line to be `- ` and words"),
    (lambda b: b.pop(("intent", "act_cost")), "expected intent act_cost with at least one example"),
    (lambda b: b.pop(("lookup", "danger")), "expected lookup danger with at least one example"),
    (lambda b: b.update({("intent", "act_cost"): ["Hello!"]}), "is an example of act_cost and of act_greet"),
    (
        lambda b: b.update({("intent", "act_cost"): ["No light on our street."]}),
        "is an example of service_streetlight and of act_cost",
    ),
    (
        lambda b: b.update({("lookup", "command_back"): ["Person"]}),
        "'Person' already means command_person in en.yml",
    ),
    (lambda b: b.update({("lookup", "no"): ["Yes"]}), "'Yes' already means yes"),
]


@pytest.mark.parametrize(("change", "expected"), BROKEN, ids=[expected for _, expected in BROKEN])
def test_a_mistake_is_told_with_its_file_and_what_was_expected(change: Change, expected: str, tmp_path: Path) -> None:
    blocks = made.english()
    change(blocks)
    made.write(tmp_path, "en", blocks)
    told = mistakes(tmp_path)
    assert expected in told
    assert "en.yml" in told


LISTED = """- intent: service_bus_card
  examples:
  - {text: the bus card of my mother}
  - {text: what does the bus card cost, metadata: {act: cost}}
- intent: danger_now
  examples: |
    - the kitchen burns
"""


def test_a_sentence_may_name_a_service_and_an_act_and_others_tell_danger(tmp_path: Path) -> None:
    path = made.write(tmp_path, "en", made.english())
    path.write_text(path.read_text("utf-8") + LISTED, "utf-8")
    (english,) = loader.load(tmp_path, made.catalog(("en",)))
    assert english.services["bus_card"] == (*made.SERVICES["bus_card"], "the bus card of my mother", "Bus card")
    assert english.both == (("what does the bus card cost", "bus_card", Act.COST),)
    assert english.danger == ("the kitchen burns",)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("- intent: service_bus_card\n  examples:\n  - a card\n", "expected each example to be {text: ..."),
        ("- intent: service_bus_card\n  examples:\n  - {text: a, metadata: {act: dance}}\n", "found 'dance'"),
        ("- intent: service_bus_card\n  examples:\n  - {text: '?'}\n", "expected each example to be {text: ..."),
        ("- intent: danger_now\n  examples:\n  - {text: a fire}\n", "a list is for services"),
    ],
)
def test_a_mistake_in_a_list_of_sentences_is_told(wrong: str, expected: str, tmp_path: Path) -> None:
    path = made.write(tmp_path, "en", made.english())
    path.write_text(path.read_text("utf-8") + wrong, "utf-8")
    assert expected in mistakes(tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: 3.1\nnlu: []", 'expected version: "3.1" (in quotes), found 3.1'),
        ('version: "3.1"\nnlu: []', "expected nlu: with a list"),
        ('version: "3.1"\nrules: []', "expected only version and nlu at the top, found 'rules'"),
        ("just words", 'expected version: "3.1"'),
        ("a: [", "expected YAML in UTF-8"),
        ('version: "3.1"\nnlu:\n- lookup: yes\n  examples: |\n    - si', 'write "yes" and "no" in quotes'),
        ('version: "3.1"\nnlu:\n- intent: act_cost\n  examples: price', "expected each line to be `- `"),
    ],
)
def test_a_file_in_another_form_is_told(text: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text(text, encoding="utf-8")
    assert expected in mistakes(tmp_path)


def test_a_block_that_is_there_twice_is_told(tmp_path: Path) -> None:
    path = made.write(tmp_path, "en", made.english())
    path.write_text(path.read_text("utf-8") + "- intent: act_cost\n  examples: |\n    - a fee\n", "utf-8")
    assert "intent act_cost: expected once, found twice" in mistakes(tmp_path)


def test_a_language_of_the_town_without_a_file_is_told(tmp_path: Path) -> None:
    made.write(tmp_path, "en", made.english())
    assert "zh_Hans.yml: this file is missing" in mistakes(tmp_path, ("en", "zh_Hans"))


def test_all_mistakes_in_all_files_are_told_at_once(tmp_path: Path) -> None:
    made.write(tmp_path, "en", made.english() | {("intent", "act_dance"): ["a"], ("intent", "act_cost"): []})
    made.write(tmp_path, "zh_Hans", made.chinese() | {("intent", "service_dance"): ["a"]})
    told = mistakes(tmp_path, ("en", "zh_Hans"))
    assert all(name in told for name in ("act_dance", "act_cost", "service_dance"))


def test_a_word_with_two_meanings_in_two_languages_is_told(tmp_path: Path) -> None:
    made.write(tmp_path, "en", made.english())
    made.write(tmp_path, "zh_Hans", made.chinese() | {("lookup", "command_stop"): ["back"]})
    assert "'back' already means command_back in en.yml" in mistakes(tmp_path, ("en", "zh_Hans"))


def test_a_service_without_phrases_in_a_language_is_a_gap_and_no_mistake(tmp_path: Path) -> None:
    chinese = made.chinese()
    del chinese["intent", "service_bus_card"]
    made.write(tmp_path, "zh_Hans", chinese)
    catalog = made.catalog(("zh_Hans",))
    (loaded,) = loader.load(tmp_path, catalog)
    assert "bus_card" not in loaded.services
    found = {(gap.language, gap.service, gap.phrases) for gap in loader.gaps([loaded], catalog)}
    assert found == {("zh_Hans", "bus_card", 0), ("zh_Hans", "home_help", 3), ("zh_Hans", "streetlight", 3)}


def test_our_examples_serve_a_town_that_offers_less(tmp_path: Path) -> None:
    folder = made.both(tmp_path)
    catalog = made.catalog()
    slug = next(iter(catalog.services))
    less = replace(catalog, services={slug: catalog.services[slug]})
    _, chinese = loader.load(folder, less, whole=False)
    assert set(chinese.services) <= {slug}
    with pytest.raises(Misconfigured):
        loader.load(folder, less)


def test_a_service_that_a_town_offers_is_not_out_of_scope_there(tmp_path: Path) -> None:
    blocks = made.english()
    blocks[("intent", "act_out_of_scope")] = ["Order a pizza", "No light on our street."]
    made.write(tmp_path, "en", blocks)
    (english,) = loader.load(tmp_path, made.catalog(("en",)))
    assert english.acts[Act.OUT_OF_SCOPE] == ("Order a pizza",)
    assert "no light on our street" in english.services["streetlight"]
