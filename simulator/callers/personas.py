"""Who calls: what is known of each kind of caller, every value with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

USUAL = "usual"

SAYS = "says"


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """One kind of caller. Shares and likelihoods lie between 0 and 1, times are seconds.

    `capacity`: things of a list that are held at once. `hearing_loss`: share of average words that are missed.
    `reaction`: from hearing what is wanted to pressing, `gap` between two keys. `tremor`: share of keys that are
    pressed twice or hit the one beside. `proficiency`: share of rarer words that are known. `familiarity`: share of
    words whose meaning in an office is known. `word_errors`: of what they say, as recognised. `speaks`: how likely
    they speak where the line asks them to, `speaks_unasked` where it tells them to press. `waits`: how likely they
    hear a menu to its end. `knows`: how likely they know keys and numbers from before. `patience`: until they hang
    up. `panic`: share of what is not taken in, and of keys that are pressed blindly. `fetches`: how likely they ask
    for a person as soon as it does not go on.
    """

    name: str
    capacity: float
    hearing_loss: float
    reaction: float
    gap: float
    tremor: float
    proficiency: float
    familiarity: float
    word_errors: float
    speaks: float
    speaks_unasked: float
    waits: float
    knows: float
    patience: float
    panic: float
    fetches: float


PARAMETERS = tuple(field.name for field in fields(Persona) if field.name != "name")


@cache
def personas() -> Mapping[str, Persona]:
    """Everybody in the file, in its order. Raises ValueError for a value without a source, or one that is not known."""
    told: dict[str, dict[str, Any]] = yaml.safe_load(
        files("simulator.callers.data").joinpath("personas.yml").read_text("utf-8")
    )
    usual = told.pop(USUAL)
    return {name: _persona(name, usual, {key: own[key] for key in own if key != SAYS}) for name, own in told.items()}


def _persona(name: str, usual: Mapping[str, Any], own: Mapping[str, Any]) -> Persona:
    whole = {**usual, **own}
    if amiss := sorted(set(whole) ^ set(PARAMETERS)):
        raise ValueError(f"{name}: {', '.join(amiss)}: no such parameter, or it is missing")
    for parameter, given in whole.items():
        if not str(given.get("source", "")).strip():
            raise ValueError(f"{name}: {parameter} has no source")
    return Persona(name=name, **{parameter: float(given["value"]) for parameter, given in whole.items()})
