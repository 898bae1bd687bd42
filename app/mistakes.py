"""A mistake in a file that people edit: where it is and what was expected there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mistake:
    """One mistake in a service file or a PO file. `line` counts from 1; `field` may be "" for the file."""

    file: str
    line: int
    field: str
    expected: str

    def __str__(self) -> str:
        named = f"{self.field}: " if self.field else ""
        return f"{self.file}:{self.line}: {named}{self.expected}"
