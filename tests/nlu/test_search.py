"""The search of the catalogue, and services that are hidden in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wording import read_wording
from core.commands import fold
from core.types import Act, Alternative, Counted, Evidence, Found, Understanding
from nlu import search_growth
from nlu.hiding import KEPT, hidden, hide
from nlu.loader import TrainingData
from nlu.search import FEW, FOUND, Index, Searching, index, scarce
from tests.nlu import whole

TEXTS = {
    "lamp": ("Street light", "We mend street lights that are out.", "Everybody."),
    "card": ("Bus card", "People of 65 and over ride the bus for free.", "Residents of 65 and over.", "Identity card"),
    "vote": ("Voter registration", "Sign up here before you vote.", "Citizens of 18 and over."),
    "bins": ("Waste days", "We tell you when the bins are emptied.", "Everybody."),
}
MANY = {
    "lamp": (("dark", "broken", "dead"), ("lamp", "light", "bulb", "pole")),
    "card": (("lost", "free", "old"), ("pass", "card", "ticket", "fare")),
    "bins": (("full", "which", "my"), ("bin", "trash", "bag", "rubbish")),
}
PHRASES = (
    ("put me on the electoral roll", "vote"),
    *((f"{how} {what}", slug) for slug, (hows, whats) in MANY.items() for how in hows for what in whats),
)
PAIR = (Alternative(service="lamp", confidence=0.7), Alternative(service="card", confidence=0.2))


@dataclass(frozen=True, kw_only=True)
class Believing:
    """An engine that believes the same of everything."""

    meant: Understanding

    def parse(self, text: str, language: str) -> Understanding:
        return replace(self.meant, language=language)


def documents(phrases: Sequence[tuple[str, str]] = PHRASES) -> Index:
    return index(TEXTS, phrases, scarce(TEXTS, counted(phrases)), fold, parted=True)


def counted(phrases: Iterable[tuple[str, str]]) -> Counter[str]:
    return Counter(slug for _, slug in phrases)


def parse(text: str, meant: Understanding | None = None, language: str = "en") -> Understanding:
    engine = Believing(meant=meant or Understanding(act=Act.OUT_OF_SCOPE, act_confidence=0.8))
    return Searching(engine=engine, indexes={"en": documents()}, plain=fold).parse(text, language)


def asked(meant: Understanding) -> tuple[str, ...]:
    return tuple(one.service for one in meant.alternatives)


@pytest.mark.parametrize("text", ["The electoral roll, please!", "voter registration", "I want to sign up to vote"])
def test_a_service_with_few_phrases_is_found_by_its_phrases_title_and_summary(text: str) -> None:
    meant = parse(text)
    assert (meant.service, asked(meant), meant.act) == ("", ("vote",), None)
    assert meant.considered == (Alternative(service="vote", confidence=FOUND),)


def test_the_evidence_says_which_words_the_search_went_by() -> None:
    assert parse("the electoral roll").because.found == (Found(service="vote", words=("electoral", "roll")),)


@pytest.mark.parametrize("text", ["", "pizza with cheese", "the lamp is broken", "my bus card", "12 34", "选民"])
def test_what_fits_no_service_or_one_with_many_phrases_finds_nothing(text: str) -> None:
    assert parse(text) == Understanding(act=Act.OUT_OF_SCOPE, act_confidence=0.8, language="en")


def test_what_is_found_stands_among_what_would_be_asked_about_the_surest_first() -> None:
    why = Evidence(words=(Counted(words="sign"),))
    meant = parse("sign up to vote", Understanding(alternatives=PAIR, considered=PAIR, because=why))
    assert asked(meant) == ("lamp", "vote", "card")
    assert [one.service for one in meant.considered] == ["lamp", "vote", "card"]
    assert meant.because.words == why.words


def test_what_an_engine_is_sure_of_becomes_a_question_where_a_new_service_fits_better() -> None:
    meant = parse("sign up to vote", Understanding(act=Act.START, service="card", confidence=0.97))
    assert (meant.service, meant.confidence, asked(meant), meant.act) == ("", 0.0, ("card", "vote"), Act.START)


@pytest.mark.parametrize(
    "sure",
    [
        Understanding(service="vote", confidence=0.97, language="en"),
        Understanding(service="card", confidence=0.97, also=("lamp",), language="en"),
        Understanding(denied="vote", language="en"),
    ],
)
def test_what_is_named_already_is_wished_besides_or_is_denied_is_left(sure: Understanding) -> None:
    assert parse("sign up to vote", sure) == sure


def test_a_language_without_an_index_is_left_to_the_engine() -> None:
    assert asked(parse("sign up to vote", language="es")) == ()


def test_there_is_nothing_to_search_where_all_services_have_many_phrases() -> None:
    many = [(f"vote {number}", "vote") for number in range(FEW)]
    assert scarce(TEXTS, counted([*PHRASES, *many])) == frozenset()


def test_the_more_services_are_looked_for_the_more_alike_they_must_be() -> None:
    fewer = [(phrase, slug) for phrase, slug in PHRASES if slug != "card"]
    assert documents(fewer).few == {"card", "vote"}
    assert documents(fewer).least > documents().least


def test_where_words_are_not_parted_characters_are_compared() -> None:
    texts = {"vote": ("选民登记",), "lamp": ("路灯坏了",), "bins": ("垃圾日",)}
    phrases = [(f"路灯{number}", "lamp") for number in range(FEW)]
    made = index(texts, phrases, scarce(texts, counted(phrases)), fold, parted=False)
    (found,) = made.find("我要登记做选民")
    assert (found.service, found.best) == ("vote", True)
    assert set(found.words) <= {"登记", "选民"}


@given(st.text(max_size=300))
def test_any_text_is_searched(text: str) -> None:
    assert set(asked(parse(text))) <= {"vote"}


def test_a_large_catalogue_is_made_of_the_words_of_sentences() -> None:
    (small,) = search_growth.grown([phrase for phrase, _ in PHRASES], sizes=(20,), texts=10)
    assert small.services == 20
    assert min(small.median, small.seconds, small.megabytes) > 0


MOST = 30
"""Phrases of each service and act that are learnt here, so that a test takes seconds."""


def lean(data: TrainingData) -> TrainingData:
    services = {slug: phrases[:MOST] for slug, phrases in data.services.items()}
    return replace(data, services=services, acts={act: phrases[:MOST] for act, phrases in data.acts.items()}, both=())


def of(language: str) -> TrainingData:
    return next(data for data in whole.data() if data.language == language)


def test_a_hidden_service_has_three_phrases_and_nothing_else_that_tells_of_it() -> None:
    before = of("es")
    data = hide(before, "home_help", whole.catalog())
    assert data.services["home_help"] == before.services["home_help"][:KEPT]
    assert "home_help" not in {service for _, service, _ in data.both}
    assert data.apart is not None
    assert "home_help" not in {example.service for example in data.apart.examples}
    assert data.services["noise"] == before.services["noise"]


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
@pytest.mark.parametrize("service", ["home_help", "voter_registration"])
def test_a_service_with_three_phrases_is_found(language: str, service: str) -> None:
    words = read_wording(whole.catalog().town)
    (found,) = hidden([lean(of(language))], [service], whole.catalog(), words)
    assert found.searched.offered >= found.without.offered + 0.1
    assert found.searched.among > found.without.among
    assert found.searched.first >= found.without.first
    assert found.without.refused - found.searched.refused <= 0.04
    assert found.without.named - found.searched.named <= 0.02


def test_few_are_a_fifth_of_what_services_were_learnt_by_not_of_what_is_remembered() -> None:
    assert scarce(("lamp", "card", "bins"), {"lamp": 280, "card": 280, "bins": 12}) == {"bins"}
