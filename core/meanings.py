"""What words can be said to have meant, named as the intents of nlu/data are: a service, danger, nothing we offer.

Staff choose among `meanings`; `believed` names in the same way what the machine made of the words.
"""

from __future__ import annotations

from core.catalog import Catalog
from core.types import Act, Understanding

NOT_OURS = f"act_{Act.OUT_OF_SCOPE}"
"""Nothing that this town does."""

DANGER = "danger_now"
"""Somebody was in danger."""

_SERVICE = "service_"


def of_service(slug: str) -> str:
    """The meaning that is this service."""
    return f"{_SERVICE}{slug}"


def service_of(meaning: str) -> str:
    """The slug of the service that is meant, "" for anything else."""
    return meaning.removeprefix(_SERVICE) if meaning.startswith(_SERVICE) else ""


def meanings(catalog: Catalog) -> frozenset[str]:
    """All that staff can say was meant."""
    return frozenset({NOT_OURS, DANGER, *map(of_service, catalog.services)})


def believed(meant: Understanding) -> str:
    """What the machine believed: danger before a service, and a service before an act; "" if nothing."""
    if meant.danger:
        return DANGER
    if meant.service:
        return of_service(meant.service)
    return f"act_{meant.act}" if meant.act else ""
