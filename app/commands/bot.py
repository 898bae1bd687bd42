"""Answer the chat."""

from __future__ import annotations

import argparse

from app import bootstrap
from app.following import is_followed
from app.settings import here

HELP = "Answer residents who write to us by chat (Telegram)."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to say: all is set in the environment."""


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 every command is given its arguments
    """Create the schema where there is none, then poll, answer and send until stopped."""
    settings = here()
    if not is_followed():
        bootstrap.upgrade(settings.database_url)
    plainline = bootstrap.build(settings)
    process = plainline.channel("telegram").process
    assert process is not None
    return process(plainline)
