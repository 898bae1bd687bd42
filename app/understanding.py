"""What words mean: exact rules first, in this process and whatever the engine; then the engine."""

from __future__ import annotations

from dataclasses import replace

from core.commands import Spotter
from core.ports import Recognizer
from core.types import Act, Understanding


def understand(text: str, language: str, spotter: Spotter, recognizer: Recognizer) -> Understanding:
    """Commands, yes and no, and danger by rule; service and act by the engine.

    An engine may add danger, never take it away.
    """
    danger, command, yes_no = spotter.danger(text), spotter.command(text), spotter.yes_no(text)
    ruled = Understanding(danger=danger, language=language, engine="rule", confidence=0.0)
    if command:
        return replace(ruled, command=command, evidence=(f"command {command}",))
    if yes_no is not None:
        act = Act.YES if yes_no else Act.NO
        return replace(ruled, act=act, act_confidence=1.0, evidence=(f"exactly {act}",))
    believed = recognizer.parse(text, language)
    return replace(believed, danger=danger or believed.danger)
