"""The web process: the routes of every channel and site on one Flask application."""

from __future__ import annotations

import hmac
import logging
from functools import partial

from flask import Flask, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.exceptions import HTTPException

from app.bootstrap import Plainline
from app.log import event


def make_app(plainline: Plainline) -> Flask:
    """A WSGI application with the routes of all channels and sites."""
    app = Flask("plainline", static_folder=None)
    app.config.from_mapping(
        MAX_CONTENT_LENGTH=1024 * 1024,
        SECRET_KEY=plainline.settings.secret_key,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not plainline.settings.on_loopback,
    )
    for channel in plainline.channels:
        if channel.blueprint:
            app.register_blueprint(channel.blueprint(plainline))
    for site in plainline.sites:
        app.register_blueprint(site.blueprint(plainline))
    app.add_url_rule("/healthz", "healthz", _healthy)
    app.add_url_rule("/readyz", "readyz", partial(_ready, plainline))
    app.add_url_rule("/metrics", "metrics", partial(_metrics, plainline))
    app.register_error_handler(Exception, _fault)
    return app


def _healthy() -> Response:
    """Say that the process answers; nothing about the database."""
    return Response("ok\n", content_type="text/plain")


def _ready(plainline: Plainline) -> Response:
    """Say whether we can answer: the database, its schema, the engine (loaded before we listen), what is unsent."""
    amiss = plainline.health.amiss()
    told = "".join(f"{one}\n" for one in amiss) or "ready\n"
    return Response(told, status=503 if amiss else 200, content_type="text/plain")


def _metrics(plainline: Plainline) -> Response:
    """Figures for Prometheus, for whoever brings the token; without a token set there is no such page."""
    token, given = plainline.settings.metrics_token, request.headers.get("Authorization", "")
    if not token:
        abort(404)
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return Response("Give the token.\n", status=401, headers={"WWW-Authenticate": "Bearer"})
    return Response(plainline.health.exposed(), content_type=CONTENT_TYPE_LATEST)


def _fault(fault: Exception) -> Response | HTTPException:
    """The one broad handler of this process: logged by kind and place, answered without a word of it."""
    if isinstance(fault, HTTPException):
        return fault
    logging.getLogger("plainline").error("web_fault", exc_info=fault)
    event("web_fault_answered", reason=type(fault).__name__)
    return Response("Something went wrong on our side.\n", status=500, content_type="text/plain")
