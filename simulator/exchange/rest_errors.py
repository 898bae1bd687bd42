"""What the REST API says when it refuses: Twilio's code, message, link and HTTP status.

Source: Twilio docs, api/errors (the codes) and usage/twilios-response (the shape).
"""

from __future__ import annotations

TABLE: dict[int, tuple[int, str]] = {
    20001: (400, "One of the parameters is not what is expected: {what}"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20404: (404, "The requested resource {what} was not found"),
    20429: (429, "Too many requests"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url parameter is required, as a complete http(s) address: {what}"),
    21210: (400, "'From' phone number {what} is not verified for your account"),
    21211: (400, "Invalid 'To' phone number: {what}"),
    21213: (400, "No 'From' number is specified"),
    21220: (400, "Call is not in-progress. Cannot redirect."),
    21266: (400, "'To' and 'From' number cannot be the same: {what}"),
    21408: (400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {what}"),
    21602: (400, "Message body is required"),
    21603: (400, "A 'From' phone number is required"),
    21604: (400, "A 'To' phone number is required"),
    21606: (400, "The 'From' phone number {what} is not a message-capable number of your account"),
    21609: (400, "The 'StatusCallback' URL {what} is not a valid URL"),
    21610: (400, "Attempt to send to unsubscribed recipient {what}"),
    21614: (400, "'To' number {what} is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21654: (400, "ContentSid is required with ContentVariables"),
    21655: (400, "The ContentSid {what} is invalid"),
    21656: (400, "The ContentVariables parameter is invalid"),
    21910: (400, "Invalid 'From' and 'To' pair: they should be of the same channel: {what}"),
    63007: (400, "Twilio could not find a Channel with the specified From address: {what}"),
    21635: (400, "'To' number {what} cannot be a landline"),
}


class RestError(Exception):
    """A refusal: `status` for HTTP, `body` for the JSON."""

    def __init__(self, code: int, what: str = "") -> None:
        self.status, text = TABLE.get(code, (400, "Refused: {what}"))
        message = text.format(what=what)
        super().__init__(f"{code}: {message}")
        self.code = code
        self.body: dict[str, object] = {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": self.status,
        }
