"""Services known by their names: what stands on a leaflet or in a menu is understood whatever an engine believes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core import phrases as say
from core.catalog import Catalog
from core.commands import fold
from core.ports import Recognizer, Words
from core.types import RULE_ENGINE, Act, Evidence, Medium, Rule, Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A service's name in one language."""

    service: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An engine that is asked about all but names. `core.ports.Recognizer`."""

    engine: Recognizer
    names: Mapping[str, Name]

    def parse(self, text: str, language: str) -> Understanding:
        """The service whose name this is, else what the engine believes."""
        found = self.names.get(fold(text))
        if found is None:
            return self.engine.parse(text, language)
        return Understanding(
            act=Act.ABOUT,
            service=found.service,
            confidence=1.0,
            act_confidence=1.0,
            because=Evidence(rules=(Rule.NAME,)),
            engine=RULE_ENGINE,
            language=language or found.language,
        )


def names(catalog: Catalog, words: Words) -> Mapping[str, Name]:
    """Every service's name, made comparable, as any channel words it in any language; none that two services have."""
    found: dict[str, set[Name]] = {}
    for worded, name in _worded(catalog, words):
        found.setdefault(fold(worded), set()).add(name)
    return {
        worded: min(of, key=lambda name: catalog.town.languages.index(name.language))
        for worded, of in found.items()
        if len({name.service for name in of}) == 1
    }


def _worded(catalog: Catalog, words: Words) -> Iterator[tuple[str, Name]]:
    for service in catalog.services.values():
        for language in catalog.town.languages:
            for context in ("", *Medium):
                named = Name(service=service.slug, language=language)
                yield words.say(say.text(service.title), language, context), named
