"""The web process: the routes of every channel and site on one Flask application."""

from __future__ import annotations

import logging

from flask import Flask, Response
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
    app.register_error_handler(Exception, _fault)
    return app


def _healthy() -> Response:
    """Say that the process answers; nothing about the database."""
    return Response("ok\n", content_type="text/plain")


def _fault(fault: Exception) -> Response | HTTPException:
    """The one broad handler of this process: logged by kind and place, answered without a word of it."""
    if isinstance(fault, HTTPException):
        return fault
    logging.getLogger("plainline").error("web_fault", exc_info=fault)
    event("web_fault_answered", reason=type(fault).__name__)
    return Response("Something went wrong on our side.\n", status=500, content_type="text/plain")
