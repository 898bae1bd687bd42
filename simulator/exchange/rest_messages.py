"""The REST API's Messages: create, fetch, list. Source: Twilio docs, messaging/api/message-resource."""

from __future__ import annotations

from simulator.exchange.leg import API_VERSION
from simulator.exchange.pages import Body, Fields, page, rfc2822, window
from simulator.exchange.rest_errors import RestError
from simulator.exchange.rules import E164, MESSAGE_CHARACTERS, is_url
from simulator.exchange.texts import FINAL, Text, Texts
from simulator.exchange.whatsapp import PREFIX, is_whatsapp

SEGMENT_PRICE = 0.0083


class Messages:
    """`/Accounts/{sid}/Messages` over the exchange's texts."""

    def __init__(self, texts: Texts, account_sid: str, own_numbers: frozenset[str], number: str) -> None:
        self._texts = texts
        self._account = account_sid
        self._own = own_numbers
        self._number = number
        self._root = f"/{API_VERSION}/Accounts/{account_sid}/Messages"

    def create(self, form: Fields, media: tuple[str, ...]) -> tuple[int, Body]:
        """Accept a text, or raise RestError as Twilio does."""
        from_ = self._sender(form)
        to, body, template = form.get("To", ""), form.get("Body", ""), form.get("ContentSid", "")
        if template:
            body = self._texts.whatsapp.words(template, form.get("ContentVariables", ""))
        elif form.get("ContentVariables"):
            raise RestError(21654)
        self._check(from_, to, body, media)
        callback = form.get("StatusCallback", "")
        if callback and not (is_url(callback) and callback.startswith("http")):
            raise RestError(21609, callback)
        text = self._texts.accept(
            from_=from_,
            to=to,
            body=body,
            media=media,
            status_url=callback,
            service_sid=form.get("MessagingServiceSid", ""),
            template=template,
        )
        shown = self.shape(text)
        self._texts.begin(text)
        return 201, shown

    def _sender(self, form: Fields) -> str:
        if not form.get("To"):
            raise RestError(21604)
        if form.get("MessagingServiceSid"):
            return form.get("From") or self._number
        if not form.get("From"):
            raise RestError(21603)
        if is_whatsapp(form["From"]):
            if form["From"] != self._texts.whatsapp.address:
                raise RestError(63007, form["From"])
        elif form["From"] not in self._own:
            raise RestError(21606, form["From"])
        return form["From"]

    def _check(self, from_: str, to: str, body: str, media: tuple[str, ...]) -> None:
        if is_whatsapp(from_) != is_whatsapp(to):
            raise RestError(21910, to)
        if not E164.holds(to.removeprefix(PREFIX)):
            raise RestError(21211, to)
        if to == from_:
            raise RestError(21266, to)
        if not body and not media:
            raise RestError(21602)
        if len(body) > MESSAGE_CHARACTERS:
            raise RestError(21617)
        if code := self._texts.refused(from_, to):
            raise RestError(code, to)

    def fetch(self, sid: str) -> tuple[int, Body]:
        """One text."""
        text = self._texts.find(sid)
        if text is None:
            raise RestError(20404, f"{self._root}/{sid}.json")
        return 200, self.shape(text)

    def list(self, query: Fields) -> tuple[int, Body]:
        """Texts, newest first, by To, From and DateSent."""
        sent = window("DateSent", query)
        found = [
            text
            for text in reversed(self._texts.all)
            if query.get("To", text.to) == text.to
            and query.get("From", text.from_) == text.from_
            and sent.holds(text.sent or text.created)
        ]
        return 200, page(found, "messages", f"{self._root}.json", query, self.shape)

    def shape(self, text: Text) -> Body:
        """A text as JSON."""
        uri = f"{self._root}/{text.sid}"
        priced = text.status in FINAL
        return {
            "sid": text.sid,
            "account_sid": self._account,
            "messaging_service_sid": text.service_sid or None,
            "from": None if text.status == "accepted" else text.from_,
            "to": text.to,
            "body": text.body,
            "direction": text.direction,
            "status": text.status,
            "num_segments": "0" if text.service_sid and text.status == "accepted" else str(text.segments),
            "num_media": str(len(text.media)),
            "error_code": text.error_code,
            "error_message": None,
            "price": f"{-SEGMENT_PRICE * text.segments:.5f}" if priced else None,
            "price_unit": "USD",
            "date_created": rfc2822(text.created),
            "date_updated": rfc2822(text.updated),
            "date_sent": rfc2822(text.sent),
            "api_version": API_VERSION,
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }
