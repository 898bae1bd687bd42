"""A service that is called by its name is understood, in every language and as every channel words it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.naming import Named, names
from app.wording import Wording, read_wording
from core import phrases as say
from core.types import Act, Medium, Understanding
from tests.nlu.whole import catalog

CATALOG = catalog()


class Deaf:
    """An engine that understands nothing."""

    def parse(self, text: str, language: str) -> Understanding:
        return Understanding(language=language, engine="deaf")


@pytest.fixture(scope="module")
def words() -> Wording:
    return read_wording(CATALOG.town)


@pytest.fixture(scope="module")
def named(words: Wording) -> Named:
    return Named(engine=Deaf(), names=names(CATALOG, words))


@pytest.mark.parametrize("medium", Medium)
@pytest.mark.parametrize("language", CATALOG.town.languages)
def test_every_service_is_understood_by_its_name(named: Named, words: Wording, language: str, medium: Medium) -> None:
    for service in CATALOG.services.values():
        meant = named.parse(f"  {words.say(say.text(service.title), language, medium)}. ".upper(), language)
        assert (meant.service, meant.act, meant.language) == (service.slug, Act.ABOUT, language)


def test_a_name_tells_the_language_of_somebody_who_has_not_chosen_one(named: Named, words: Wording) -> None:
    title = say.text(CATALOG.services["complaint"].title)
    assert named.parse(words.say(title, "es", "sms"), "").language == "es"


def test_a_sentence_with_a_name_in_it_is_for_the_engine(named: Named) -> None:
    assert named.parse("Meals at home for my mother", "en").engine == "deaf"


def test_a_name_that_two_services_have_is_for_the_engine(words: Wording) -> None:
    same = {slug: replace(service, title="Cards") for slug, service in CATALOG.services.items()}
    assert names(replace(CATALOG, services=same), words) == {}
