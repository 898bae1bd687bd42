"""A small application for the exchange to call, served for real on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

TOKEN = "12345"


class Application:
    """Answers with the documents it is given by path, and remembers what it was asked.

    `answers[path]` is a document, a list of them (one a request, the last again and again), or a function.
    Requests whose signature does not hold get 403, as they should anywhere.
    """

    def __init__(self) -> None:
        self.answers: dict[str, str | list[str] | Callable[[], Response | str]] = {}
        self.asked: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.public = ""
        self.flask = Flask("application")
        self.flask.add_url_rule("/<path:path>", "answer", self.answer, methods=["GET", "POST"])

    def answer(self, path: str) -> Response:
        query = request.query_string.decode()
        url = self.public + request.path + (f"?{query}" if query else "")
        signed = request.headers.get("X-Twilio-Signature", "")
        if not RequestValidator(TOKEN).validate(url, request.form, signed):
            return Response("not signed by us", status=403)
        self.asked.append(request.form.to_dict() or request.args.to_dict())
        self.headers.append(dict(request.headers))
        self.paths.append(request.full_path.rstrip("?"))
        found = self.answers.get("/" + path, "<Response/>")
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        made = found() if callable(found) else found
        return made if isinstance(made, Response) else Response(made, content_type="text/xml")


@contextmanager
def served(flask: Flask) -> Iterator[str]:
    """`flask` on a free port of this machine, and its address."""
    server = make_server("127.0.0.1", 0, flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
