"""Read TwiML as strictly as Twilio's documentation allows, into typed verbs.

`read_voice` and `read_sms` return the verbs of a document, or raise `Refused`, which says what, where and
on which page of Twilio's documentation that is written. Twilio itself only warns about some of this; a
caller hears it as a missing sentence, or as "an application error has occurred".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from xml.etree import ElementTree as ET

from simulator.exchange import rules
from simulator.exchange.reading import dial, enqueue, gather, message, pause, play, record, redirect, reject, say
from simulator.exchange.refusal import BAD_TYPE, BAD_XML, BROKEN_RULE, TOO_LONG, Refused
from simulator.exchange.rules import IN_A_CALL, IN_A_QUEUE, Element, Place
from simulator.exchange.verbs import Dial, Enqueue, Gather, Hangup, Leave, Message, Record, Redirect, Reject, Verb

XML_TYPES = frozenset({"text/xml", "application/xml"})
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_voice(body: bytes, content_type: str, place: Place = IN_A_CALL) -> tuple[Verb, ...]:
    """The verbs of an answer to a voice request, of which `place` may play only some. Raises Refused."""
    root = checked(body, content_type, rules.VOICE)
    check_place(root, place)
    found = tuple(READERS[node.tag](node) for node in root)
    check_order(found)
    check_waiting(found, place)
    return found


def read_sms(body: bytes, content_type: str) -> tuple[Message, ...]:
    """The verbs of an answer to a message request; an empty Response is an answer. Raises Refused."""
    root = checked(body, content_type, rules.SMS)
    return tuple(message(node) for node in root)


def checked(body: bytes, content_type: str, table: Mapping[str, Element]) -> ET.Element:
    """The document's root, every element of it held to `table`."""
    check_type(content_type)
    root = parse(body)
    if root.tag != "Response":
        raise Refused(BROKEN_RULE, f"<{root.tag}>", "the outermost element is Response", "twiml")
    for parent, node in walk(root):
        check_element(parent, node, table)
    return root


def check_type(content_type: str) -> None:
    """Twilio takes other types for something else (text/plain is read out loud), so only XML is let
    through."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in XML_TYPES:
        raise Refused(BAD_TYPE, "Content-Type", f"expected text/xml, not {kind or 'nothing'}", "errors/12300")


def parse(body: bytes) -> ET.Element:
    """Well-formed UTF-8 XML that begins with its first character and holds no control characters."""
    if len(body) > rules.DOCUMENT_BYTES:
        raise Refused(TOO_LONG, "document", f"{len(body)} bytes; at most {rules.DOCUMENT_BYTES}", "errors/11750")
    if not body.startswith(b"<"):
        raise Refused(BAD_XML, "document", "it begins with '<': no blank, no byte order mark", "errors/12100")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Refused(BAD_XML, "document", "no DOCTYPE and no entities of its own", "errors/12100")
    try:
        text = body.decode("utf-8")
        root = ET.fromstring(text)
    except (UnicodeDecodeError, ET.ParseError, ValueError) as reason:
        raise Refused(BAD_XML, "document", f"well-formed XML in UTF-8 ({reason})", "errors/12100") from reason
    check_characters(root)
    return root


def check_characters(root: ET.Element) -> None:
    """Control characters are no speech; most are not XML either, the rest are refused here."""
    for node in root.iter():
        for text in (node.text or "", node.tail or "", *node.attrib.values()):
            if found := CONTROL.search(text):
                raise Refused(BAD_XML, f"<{node.tag}>", f"no control character U+{ord(found[0]):04X}", "errors/12100")


def walk(root: ET.Element) -> Iterator[tuple[ET.Element | None, ET.Element]]:
    """Every element with the one it stands in, outermost first."""
    yield None, root
    for parent in root.iter():
        for child in parent:
            yield parent, child


def check_element(parent: ET.Element | None, node: ET.Element, table: Mapping[str, Element]) -> None:
    """Hold one element to its row: where it stands, its text, its attributes and its children's number."""
    where = f"<{node.tag}>"
    row = table.get(node.tag)
    if row is None:
        raise Refused(BROKEN_RULE, where, "a verb that this exchange plays", "twiml")
    if parent is not None and node.tag not in table[parent.tag].children:
        raise Refused(BROKEN_RULE, where, f"not inside <{parent.tag}>", table[parent.tag].source)
    check_text(node, row)
    check_attributes(node, row)
    for child, most in row.most.items():
        if len(node.findall(child)) > most:
            raise Refused(BROKEN_RULE, where, f"at most {most} of <{child}>", row.source)


def check_place(root: ET.Element, place: Place) -> None:
    """Only the verbs that are played at this moment of the call."""
    for node in root:
        if node.tag not in place.verbs:
            raise Refused(BROKEN_RULE, f"<{node.tag}>", f"not {place.when}", place.source)


def check_waiting(found: tuple[Verb, ...], place: Place) -> None:
    """A Gather in a queue listens to keys or to words; that both at once may be asked for is not written."""
    if place is IN_A_QUEUE and any(isinstance(verb, Gather) and len(verb.input) > 1 for verb in found):
        raise Refused(BROKEN_RULE, "<Gather input>", f"dtmf or speech {place.when}, one of the two", place.source)


def check_text(node: ET.Element, row: Element) -> None:
    """Words only where the table has words."""
    own = (node.text or "") + "".join(child.tail or "" for child in node)
    if own.strip() and not row.text:
        raise Refused(BROKEN_RULE, f"<{node.tag}>", f"no text here, found {own.strip()[:40]!r}", row.source)


def check_attributes(node: ET.Element, row: Element) -> None:
    """Every attribute is in the row and says what it may."""
    for key, value in node.attrib.items():
        name = "xml:lang" if key == XML_LANG else key
        rule = row.attributes.get(name)
        if rule is None:
            raise Refused(BROKEN_RULE, f"<{node.tag} {name}>", "no such attribute is documented", row.source)
        if not rule.holds(value):
            raise Refused(BROKEN_RULE, f"<{node.tag} {name}>", f"expected {rule.expected}, not {value!r}", row.source)


READERS: Mapping[str, Callable[[ET.Element], Verb]] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Gather": gather,
    "Record": record,
    "Dial": dial,
    "Enqueue": enqueue,
    "Leave": lambda _node: Leave(),
    "Redirect": redirect,
    "Reject": reject,
    "Hangup": lambda _node: Hangup(),
}


def check_order(found: tuple[Verb, ...]) -> None:
    """Nothing stands behind a verb that never comes back, and Reject is the first or it rejects nothing."""
    for place, verb in enumerate(found):
        name = type(verb).__name__
        if never_returns(verb) and place + 1 < len(found):
            after = type(found[place + 1]).__name__
            raise Refused(BROKEN_RULE, f"<{after}>", f"never reached: it stands after <{name}>", name.lower())
        if isinstance(verb, Reject) and place:
            raise Refused(BROKEN_RULE, "<Reject>", "the first verb: by now the call is answered", "reject")
        if isinstance(verb, Dial | Enqueue) and verb.action is None and place + 1 == len(found):
            raise Refused(BROKEN_RULE, f"<{name}>", "an action, or a verb for when nobody answers", name.lower())
        if isinstance(verb, Record) and place + 1 == len(found):
            # "If Twilio receives an empty recording, it will not make a request to the action URL."
            raise Refused(BROKEN_RULE, "<Record>", "a verb behind it, for when nothing was said", "record")


def never_returns(verb: Verb) -> bool:
    """True if Twilio does not go on to the next verb of the document."""
    if isinstance(verb, Dial | Enqueue):
        return verb.action is not None
    return isinstance(verb, Redirect | Hangup | Reject | Leave)
