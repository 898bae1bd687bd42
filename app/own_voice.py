"""Sentences that the office has spoken itself, played in place of the machine's voice.

The folder that PLAINLINE_OWN_VOICE names holds one for each language, and in it files named after the words. Other
words have another name: whatever the catalogue says tomorrow, nobody hears what it said yesterday.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.render import Message, Part

KINDS: Mapping[str, str] = {".wav": "audio/x-wav", ".mp3": "audio/mpeg"}
"""What can be played (Twilio docs, Play), by the ending of the file."""

NAME = 12
"""Characters of a file's name, 48 bits: of a thousand sentences two have the same by a chance of 1 in 500 million."""


def name_of(words: str) -> str:
    """What the file is called in which these words are spoken, without its ending."""
    return hashlib.sha256(words.encode()).hexdigest()[:NAME]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVoice:
    """The files that are there, by language and name, and what is not played: it has no name of ours, or another file
    has the same."""

    files: Mapping[tuple[str, str], Path] = field(default_factory=dict)
    strange: tuple[Path, ...] = ()

    def put_in(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """The same, with what is played in place of the machine's voice. Whoever wants it slower hears the machine,
        which can speak slower."""
        if not self.files:
            return messages
        return tuple(one if one.pace else replace(one, parts=self.spoken(one.parts)) for one in messages)

    def spoken(self, parts: Iterable[Part]) -> tuple[Part, ...]:
        """The same, with the file that is played in place of each part that has one."""
        return tuple(self._spoken(part) for part in parts) if self.files else tuple(parts)

    def _spoken(self, part: Part) -> Part:
        there = self.files.get((part.language, name_of(part.text)))
        # One that was taken away while we run: the machine says it.
        return replace(part, own=f"{part.language}/{there.name}") if there and there.is_file() else part


def find_own_voice(folder: Path | None, languages: Iterable[str]) -> OwnVoice:
    """What the folder holds, read once; None is no folder."""
    if folder is None:
        return OwnVoice()
    files: dict[tuple[str, str], Path] = {}
    strange: list[Path] = []
    known = set(languages)
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        language = file.parent.name
        mine = file.parent.parent == folder and language in known and file.suffix.lower() in KINDS
        if mine and (language, file.stem) not in files:
            files[language, file.stem] = file
        else:
            strange.append(file)
    return OwnVoice(files=files, strange=tuple(strange))
