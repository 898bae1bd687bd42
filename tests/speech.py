"""The real speech program, for tests."""

from __future__ import annotations

import shutil

from app.speech_program import PROGRAM

CURE = f"to run them, install {PROGRAM}"


def find_speech() -> str:
    """The program. Raises LookupError where there is none."""
    if path := shutil.which(PROGRAM):
        return path
    raise LookupError(f"no {PROGRAM} was found")
