"""What the Bot API says when it refuses, in Telegram's own wording (core.telegram.org/bots/api, "Making requests")."""

from __future__ import annotations


class BotError(Exception):
    """A refusal: `status` is the HTTP status and Telegram's `error_code`; `retry_after` is in seconds."""

    def __init__(self, status: int, description: str, retry_after: int = 0) -> None:
        super().__init__(f"{status}: {description}")
        self.status = status
        self.body: dict[str, object] = {"ok": False, "error_code": status, "description": description}
        if retry_after:
            self.body["parameters"] = {"retry_after": retry_after}


def bad(what: str) -> BotError:
    """400: the request itself is wrong."""
    return BotError(400, f"Bad Request: {what}")


def unauthorized() -> BotError:
    """401: no such token, or it was revoked."""
    return BotError(401, "Unauthorized")


def blocked() -> BotError:
    """403: the resident blocked the bot."""
    return BotError(403, "Forbidden: bot was blocked by the user")


def never_met() -> BotError:
    """403: a bot may not write first."""
    return BotError(403, "Forbidden: bot can't initiate conversation with a user")


def other_poller() -> BotError:
    """409: somebody else asks for updates with the same token."""
    what = "terminated by other getUpdates request; make sure that only one bot instance is running"
    return BotError(409, f"Conflict: {what}")


def has_webhook() -> BotError:
    """409: updates go to a webhook."""
    what = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    return BotError(409, f"Conflict: {what}")


def too_many(seconds: int) -> BotError:
    """429: slower, please."""
    return BotError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
