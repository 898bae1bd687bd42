"""Labels for the free words that a turn brings to staff. Made before the turn is written, so that no lock waits."""

from __future__ import annotations

from collections.abc import Callable

from core.catalog import Catalog, StepKind
from core.labels import Label, label_of
from core.types import OpenCase, RelayToDesk, RequestHandoff, Turn, Understanding


def label(
    turn: Turn, said: str, meant: Understanding, catalog: Catalog, understand: Callable[[str], Understanding]
) -> Label | None:
    """The label of the words that this turn leaves with a case or a request for a person; None if it leaves none, or if
    no engine answered. `meant` is what is believed of `said`, and is not asked for again."""
    for effect in turn.effects:
        if isinstance(effect, OpenCase):
            words = free_words(effect, catalog)
            return label_of(understand(words)) if words else None
        if isinstance(effect, RequestHandoff) and effect.words and effect.words != said:
            return label_of(understand(effect.words))
        if isinstance(effect, RequestHandoff | RelayToDesk):
            return label_of(meant)
    return None


def free_words(opened: OpenCase, catalog: Catalog) -> str:
    """The answers to a case that were given in words of one's own, "" if none were."""
    service = catalog.services.get(opened.service)
    asked = [step.name for step in service.steps if step.kind is StepKind.WORDS] if service else []
    answers = [opened.answers.get(name) for name in asked]
    return "\n".join(answer for answer in answers if isinstance(answer, str))
