"""How well a service is understood that was added with three phrases, and how fast a large catalogue is searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, fields
from statistics import fmean
from typing import TYPE_CHECKING

from app import bootstrap
from app.loading import load
from app.settings import here
from app.wording import read_wording

if TYPE_CHECKING:
    from app.bootstrap import Grown, Hidden, Shares


def measure(most: int) -> tuple[list[Hidden], list[Grown]]:
    """Each service of the catalogue in use, hidden in each language; of so many services, spread over all, 0 for all.
    And how fast large catalogues are searched."""
    settings = here()
    catalog = load(settings.catalogue)
    slugs = sorted(catalog.services)
    chosen = slugs[:: max(1, len(slugs) // most)][:most] if most else slugs
    found = bootstrap.hidden(chosen, catalog, read_wording(catalog.town), settings)
    return list(found), bootstrap.searched(catalog)


def table(found: Sequence[Hidden], grown: Sequence[Grown]) -> Iterator[str]:
    """A line a language without the search and with it, the means of all its services; then the growth."""
    yield f"{len({one.service for one in found})} services, each hidden but for three phrases; shares in percent"
    names = [field.name for field in fields(found[0].without)] if found else []
    yield f"  {'':22}" + "".join(f"{name:>9}" for name in names)
    for language in dict.fromkeys(one.language for one in found):
        own = [one for one in found if one.language == language]
        for label, some in (("", [one.without for one in own]), (", searched", [one.searched for one in own])):
            yield f"  {language + label:22}" + "".join(f"{100 * value:9.1f}" for value in _means(some))
    yield "The search, of services that all have three phrases"
    for one in grown:
        yield (
            f"  {one.services:6,} services: {one.median:.2f} ms a text in the median; "
            f"made in {one.seconds:.1f} s, {one.megabytes:.0f} MB a language"
        )


def _means(some: Sequence[Shares]) -> tuple[float, ...]:
    return tuple(map(fmean, zip(*map(astuple, some), strict=True)))


def as_json(found: Sequence[Hidden], grown: Sequence[Grown]) -> dict[str, object]:
    """The figures of every service, and of every size."""
    return {"hidden": [asdict(one) for one in found], "growth": [asdict(one) for one in grown]}
