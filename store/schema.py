"""The tables. What is kept for how long is decided in app/retention.py; the migrations build what stands
here.

Words are kept apart from facts: `state`, `messages`, `said`, `answers`, `body`, `options`, `payload`, `words`,
`text` and `transcript` hold what people said and read; no other column does, and `audit` never. Every moment is UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """A moment: aware and UTC on the way out, on both databases; a naive one is refused on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 the base class passes it
        """SQLite keeps the figures and drops the zone, so it must be UTC before."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 the base class passes it
        """PostgreSQL answers in the session's zone, SQLite in none."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Any text at all. PostgreSQL's text cannot hold U+0000, nor UTF-8 half a surrogate pair: both are
    replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 the base class passes it
        """The text with what cannot be stored replaced."""
        return value and value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


Serial = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only in a column of exactly INTEGER."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

WAS_ASKED = text("asked IS NOT NULL")
"""A conversation in which it was asked. Literal, as the next ones: SQLite takes a partial index only for a query that
says the same without parameters."""

conversations = Table(
    "conversations",
    metadata,
    Column("id", Words, primary_key=True),
    Column("medium", Words, nullable=False),
    Column("channel", Words),
    Column("address", Words),
    Column("language", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("version", Integer, nullable=False),
    # The service whose form is under way with answers in it, for a quick `unfinished`.
    Column("form_service", Words),
    Column("updated", Instant, nullable=False),
    # When the resident was asked last whether they got what they needed.
    Column("asked", Instant),
    Index("ix_conversations_address", "channel", "address", "updated"),
    Index("ix_conversations_asked", "address", "asked", sqlite_where=WAS_ASKED, postgresql_where=WAS_ASKED),
    Index("ix_conversations_updated", "updated"),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation", Words, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Words, primary_key=True),
    Column("content", Words, nullable=False),
    Column("messages", Words, nullable=False),
    Column("at", Instant, nullable=False),
    # The conversation's version after the turn: the order of a thread.
    Column("version", Integer, nullable=False, server_default=text("0")),
    # What was done (`core.types.Kind`).
    Column("kind", Words, nullable=False, server_default=text("''")),
    # What the resident said, typed or pressed; "" for what staff wrote, which stands in `messages`.
    Column("said", Words, nullable=False, server_default=text("''")),
    # What was believed of it and why, as JSON; "" where nothing had to be understood.
    Column("believed", Words, nullable=False, server_default=text("''")),
    Column("danger", Boolean, nullable=False, server_default=false()),
    # Whether it was a wish that was not understood (`core.usage.wish_not_understood`).
    Column("unclear", Boolean, nullable=False, server_default=false()),
    # Who wrote it, if staff did.
    Column("staff", BigInteger),
    Index("ix_turns_at", "at"),
)

# What staff say was meant by the words of a turn, which stand there alone: so they are forgotten together.
corrections = Table(
    "corrections",
    metadata,
    Column("conversation", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    # An intent of nlu/data (`core.meanings`).
    Column("meant", Words, nullable=False),
    Column("staff", BigInteger, nullable=False),
    # Of the form it came from last: sent twice, it is one correction.
    Column("nonce", Words, nullable=False),
    Column("at", Instant, nullable=False),
    ForeignKeyConstraint(["conversation", "key"], ["turns.conversation", "turns.key"], ondelete="CASCADE"),
)

TEXT_TOLD = text("body <> ''")
"""A text whose words are not forgotten yet."""

CASE_OPEN = text("status <> 'done'")
"""A case that is still to be worked on (`core.types.CaseStatus`)."""

WAS_REOPENED = text("reopened IS NOT NULL")
"""A case that was taken up again after it was done."""

SEND_AGAIN = text("again = 'due'")
"""A receipt for which a text is to be sent again."""

REQUEST_TOLD = text("(words <> '' OR callback <> '' OR address IS NOT NULL)")
"""A request for a person whose words and numbers are not forgotten yet."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("nonce", Words, nullable=False, unique=True),
    Column("channel", Words, nullable=False),
    Column("to_address", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("conversation", Words, nullable=False),
    Column("forced", Boolean, nullable=False),
    # The choices in the text and the turn they belong to, as JSON; "" for none.
    Column("options", Words, nullable=False, server_default=text("''")),
    # pending, sending, sent, failed (given up), unknown (perhaps sent), refused (the resident said STOP), invited (they
    # were asked to write, and it waits for that)
    Column("status", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    # When to send next; for an unknown one when to look for it next, null when that was given up.
    Column("due", Instant),
    Column("lease_until", Instant),
    Column("looks", Integer, nullable=False),
    Column("provider_id", Words),
    Column("last_code", Words, nullable=False),
    # Why it did not arrive (`core.delivery.Lost`), "" as long as nothing says so; how often it was sent in vain.
    Column("why", Words, nullable=False, server_default=text("''")),
    Column("resends", Integer, nullable=False, server_default=text("0")),
    # When it may arrive (`core.types.Times`), "" for at any time.
    Column("times", Words, nullable=False, server_default=text("''")),
    Column("created", Instant, nullable=False),
    Index("ix_outbox_due", "status", "due"),
    Index("ix_outbox_address", "channel", "to_address", "id"),
    Index("ix_outbox_provider_id", "provider_id"),
    Index("ix_outbox_conversation", "conversation", "id"),
    # Emptied ones stay for good: the sweep must not go through them each day.
    Index("ix_outbox_told", "created", sqlite_where=TEXT_TOLD, postgresql_where=TEXT_TOLD),
    sqlite_autoincrement=True,
)

# What a provider reports about a text. Its own table, because a report may come before we know the text's id.
receipts = Table(
    "receipts",
    metadata,
    Column("provider_id", Words, primary_key=True),
    Column("status", Words, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("code", Words, nullable=False),
    # Why it was lost (`core.delivery.Lost`), "" if it was not.
    Column("why", Words, nullable=False, server_default=text("''")),
    # "due" if the text is to be sent again for this, "done" once that was seen to.
    Column("again", Words, nullable=False, server_default=text("''")),
    Column("at", Instant, nullable=False),
    Index("ix_receipts_at", "at"),
    Index("ix_receipts_again", "provider_id", sqlite_where=SEND_AGAIN, postgresql_where=SEND_AGAIN),
)

# Addresses that texts can not reach, and why (`core.delivery.Lost`): until one arrives, or one comes from there.
no_texts = Table(
    "no_texts",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("address", Words, primary_key=True),
    Column("why", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_no_texts_at", "at"),
)

# Who wants to be told of their case, and when (`core.types.WantNews`).
news = Table(
    "news",
    metadata,
    Column("reference", Words, primary_key=True),
    # sms, voice for a call, or a chat's.
    Column("channel", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("times", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_news_at", "at"),
)

# What a provider brought: stored before it is confirmed, so that nothing is lost, and emptied when it is worked on.
updates = Table(
    "updates",
    metadata,
    # The provider's own number.
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("conversation", Words, nullable=False),
    Column("payload", Words, nullable=False),
    Column("came", Instant, nullable=False),
    Column("done", Instant),
    Index("ix_updates_undone", "id", sqlite_where=text("done IS NULL"), postgresql_where=text("done IS NULL")),
    Index("ix_updates_came", "came"),
)

cases = Table(
    "cases",
    metadata,
    Column("reference", Words, primary_key=True),
    Column("service", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("answers", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("opened", Instant, nullable=False),
    # When it was first taken up again after it was done.
    Column("reopened", Instant),
    Column("conversation", Words, nullable=False),
    Column("channel", Words),
    Column("address", Words),
    # What its free words are about, if any were and an engine answered: a service ("": none was sure enough), how sure
    # (0 to 1), and usual or danger ("": no label).
    Column("about", Words, nullable=False, server_default=text("''")),
    Column("about_sure", Float, nullable=False, server_default=text("0")),
    Column("urgency", Words, nullable=False, server_default=text("''")),
    # The department that staff say it is for, "" until somebody does, and who did.
    Column("label_department", Words, nullable=False, server_default=text("''")),
    Column("labelled_by", BigInteger),
    Index("ix_cases_conversation", "conversation", "opened"),
    # Cases that are done stay for good, and the list of open ones must not go through them.
    Index("ix_cases_open", "opened", "reference", sqlite_where=CASE_OPEN, postgresql_where=CASE_OPEN),
    Index("ix_cases_opened", "opened"),
    Index("ix_cases_reopened", "reopened", sqlite_where=WAS_REOPENED, postgresql_where=WAS_REOPENED),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("conversation", Words, nullable=False),
    Column("medium", Words, nullable=False),
    Column("channel", Words),
    Column("address", Words),
    Column("why", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("service", Words, nullable=False),
    Column("callback", Words, nullable=False),
    # A call that is being put through now, its outcome not yet known.
    Column("live", Boolean, nullable=False),
    Column("words", Words, nullable=False),
    # waiting, claimed, reached, closed
    Column("status", Words, nullable=False),
    Column("created", Instant, nullable=False),
    # When it was reached or closed.
    Column("settled", Instant),
    # The department asked for; "" is for whoever is there.
    Column("department", Words, nullable=False, server_default=text("''")),
    Column("claimed_by", BigInteger),
    Column("claimed", Instant),
    Column("outcome", Words, nullable=False, server_default=text("''")),
    # As a case's.
    Column("about", Words, nullable=False, server_default=text("''")),
    Column("about_sure", Float, nullable=False, server_default=text("0")),
    Column("urgency", Words, nullable=False, server_default=text("''")),
    Column("label_department", Words, nullable=False, server_default=text("''")),
    Column("labelled_by", BigInteger),
    Index(
        # A conversation has one open request for a person at most.
        "uq_handoffs_open",
        "conversation",
        unique=True,
        sqlite_where=text("settled IS NULL"),
        postgresql_where=text("settled IS NULL"),
    ),
    Index("ix_handoffs_conversation", "conversation", "id"),
    Index("ix_handoffs_status", "status", "created"),
    # Emptied ones stay for good, as texts do.
    Index("ix_handoffs_told", "settled", sqlite_where=REQUEST_TOLD, postgresql_where=REQUEST_TOLD),
    sqlite_autoincrement=True,
)

RECORDING_DUE = text("due IS NOT NULL")
"""A recording that something is still to be done with."""

# What residents said in their own voice. The sound is a file (`core.ports.Files`), the words are typed by staff.
recordings = Table(
    "recordings",
    metadata,
    # The provider's own id, and the file's name.
    Column("id", Words, primary_key=True),
    Column("conversation", Words, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("made", Instant, nullable=False),
    # Left for staff; "" until then, or where it goes with the request of its conversation.
    Column("kept", Boolean, nullable=False),
    Column("reference", Words, nullable=False),
    # wanted (to be fetched), fetched (kept here, to be deleted at the provider), here, unwanted (to be deleted
    # everywhere), lost (given up: what the provider has is none of what we take, or never came), gone
    Column("status", Words, nullable=False),
    # When to do what its status says; null where nothing is to be done, or it was given up.
    Column("due", Instant),
    Column("attempts", Integer, nullable=False),
    # Why the last try failed.
    Column("last_code", Words, nullable=False),
    # Whether nobody speaks in it, as far as its samples tell.
    Column("silent", Boolean),
    Column("transcript", Words, nullable=False),
    Column("typed_by", BigInteger),
    Index("ix_recordings_due", "due", sqlite_where=RECORDING_DUE, postgresql_where=RECORDING_DUE),
    Index("ix_recordings_conversation", "conversation", "made"),
    Index("ix_recordings_made", "made"),
)

# Calls that we owe: for missed ones, and with news. Refused ones leave nothing.
rings = Table(
    "rings",
    metadata,
    Column("id", Serial, primary_key=True),
    # The CallSid of the ring; of news what is told of whom.
    Column("call", Words, nullable=False, unique=True),
    Column("number", Words, nullable=False),
    # waiting, placing, placed, over; in_vain for news that nobody took
    Column("status", Words, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Instant, nullable=False),
    Column("provider_id", Words),
    Column("at", Instant, nullable=False),
    # The case's reference, and when they want to be called; "" for a missed call.
    Column("news", Words, nullable=False, server_default=text("''")),
    Column("times", Words, nullable=False, server_default=text("''")),
    Index("ix_rings_due", "status", "due"),
    Index("ix_rings_number", "number", "at"),
    Index("ix_rings_news", "news"),
    Index("ix_rings_at", "at"),
    sqlite_autoincrement=True,
)

consents = Table(
    "consents",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("address", Words, primary_key=True),
    Column("allowed", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
)

consent_history = Table(
    "consent_history",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("channel", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("allowed", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    # `core.types.ConsentSource`; "" for what was noted before that was kept.
    Column("source", Words, nullable=False, server_default=text("''")),
    # Who of the staff was told, if they were.
    Column("staff", BigInteger),
    Index("ix_consent_history_address", "channel", "address", "id"),
    sqlite_autoincrement=True,
)

codes = Table(
    "codes",
    metadata,
    Column("code", Words, primary_key=True),
    Column("service", Words, nullable=False),
    Column("starting", Boolean, nullable=False),
    Column("language", Words, nullable=False),
    # The case that it was told with, "" for none.
    Column("reference", Words, nullable=False, server_default=text("''")),
    Column("expires", Instant, nullable=False),
    Column("spent", Instant),
    Index("ix_codes_expires", "expires"),
)

tries = Table(
    "tries",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("source", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_tries_source", "source", "at"),
    Index("ix_tries_at", "at"),
    sqlite_autoincrement=True,
)

# Secret numbers with which callers hear a case: sealed (`core.ports.Sealer`), never the digits.
pins = Table(
    "pins",
    metadata,
    Column("reference", Words, ForeignKey("cases.reference", ondelete="CASCADE"), primary_key=True),
    Column("sealed", Words, nullable=False),
    Column("at", Instant, nullable=False),
)

# Wrong ones: for which case, and a hash of where they came from; never what was keyed.
pin_tries = Table(
    "pin_tries",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("reference", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_pin_tries_reference", "reference", "at"),
    Index("ix_pin_tries_source", "source", "at"),
    Index("ix_pin_tries_at", "at"),
    sqlite_autoincrement=True,
)

# Who may act for whom (`core.mandates.Mandate`), as staff heard it from the resident.
mandates = Table(
    "mandates",
    metadata,
    Column("id", Serial, primary_key=True),
    # Both E.164.
    Column("resident", Words, nullable=False),
    Column("helper", Words, nullable=False),
    # Slugs, joined by commas; "" for all services.
    Column("services", Words, nullable=False),
    # Set back when it is ended.
    Column("until", Instant, nullable=False),
    Column("made", Instant, nullable=False),
    Column("staff", BigInteger, nullable=False),
    # The helper's first code and then their own number, each sealed; "" for none.
    Column("code", Words, nullable=False),
    Column("sealed", Words, nullable=False),
    # resident, helper, staff or renewed; "" as long as it stands, and where it ran out.
    Column("ended_by", Words, nullable=False),
    Index("ix_mandates_resident", "resident", "until"),
    Index("ix_mandates_until", "until"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("conversation", Words, nullable=False),
    Column("event", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_audit_conversation", "conversation", "id"),
    sqlite_autoincrement=True,
)

CONTACT_NAMED = text("conversation IS NOT NULL")
"""A contact that still tells whose it was."""

# A call, or what one thread of texts or chat brought in one day: what is counted, and kept without whose it was.
contacts = Table(
    "contacts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("conversation", Words),
    # The town's day of a thread, as 2026-11-25; "" for a call.
    Column("day", Words, nullable=False),
    Column("channel", Words, nullable=False),
    # Which service it is about (`core.usage.service_of`); "" for none.
    Column("service", Words, nullable=False),
    Column("began", Instant, nullable=False),
    # The resident's last; "" before one was chosen.
    Column("language", Words, nullable=False, server_default=text("''")),
    # `core.usage.Result`, "" for none; null for what was not counted, before there was this column.
    Column("result", Words),
    # Whether something they said was not understood.
    Column("unclear", Boolean, nullable=False, server_default=false()),
    # The service whose form was begun and not sent, "" for none, and where it stands (`core.usage.Came`).
    Column("form", Words, nullable=False, server_default=text("''")),
    Column("step", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("conversation", "day"),
    Index("ix_contacts_began", "began"),
    Index("ix_contacts_named", "began", sqlite_where=CONTACT_NAMED, postgresql_where=CONTACT_NAMED),
    sqlite_autoincrement=True,
)

# How many said in a month that they got what they needed, and that they did not.
ratings = Table(
    "ratings",
    metadata,
    # The town's, as 2026-11.
    Column("month", Words, primary_key=True),
    Column("service", Words, primary_key=True),
    Column("language", Words, primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("got", Boolean, primary_key=True),
    Column("count", Integer, nullable=False),
)

USE_NAMED = text("provider_id IS NOT NULL")
"""A leg or a text that could still be found at the provider."""

# What the provider is paid for: one row for each leg of a call, and for each text.
usage = Table(
    "usage",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("provider_id", Words, unique=True),
    Column("contact", BigInteger),
    # `core.usage.Paid`
    Column("kind", Words, nullable=False),
    # The other end's, two letters; "" where it is not known.
    Column("country", Words, nullable=False),
    # Seconds or segments: the provider's figure, and ours, null where there is none.
    Column("told", Integer),
    Column("reckoned", Integer),
    Column("at", Instant, nullable=False),
    Index("ix_usage_at", "at"),
    Index("ix_usage_contact", "contact"),
    Index("ix_usage_named", "at", sqlite_where=USE_NAMED, postgresql_where=USE_NAMED),
    sqlite_autoincrement=True,
)

# --- staff -----------------------------------------------------------------------------------------------------

staff = Table(
    "staff",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("login", Words, nullable=False, unique=True),
    Column("name", Words, nullable=False),
    # An argon2id hash; never the password.
    Column("password", Words, nullable=False),
    # "" sees every department's requests.
    Column("department", Words, nullable=False),
    # Where their own telephone rings for "call now", "" if none was given.
    Column("phone", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    # A hash: who reads the database can not sign in with it.
    Column("token_hash", Words, primary_key=True),
    Column("staff", BigInteger, nullable=False),
    Column("created", Instant, nullable=False),
    # When the console last asked for anything by itself or not: whoever has it open is at the desk.
    Column("seen", Instant, nullable=False),
    # When they last did something themselves.
    Column("used", Instant, nullable=False),
    Index("ix_sessions_staff", "staff"),
)

failed_sign_ins = Table(
    "failed_sign_ins",
    metadata,
    Column("id", Serial, primary_key=True),
    # A hash of the login, and one of the address that it was tried from.
    Column("source", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_failed_sign_ins_source", "source", "at"),
    sqlite_autoincrement=True,
)

notes = Table(
    "notes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("handoff", BigInteger, nullable=False),
    Column("staff", BigInteger, nullable=False),
    Column("text", Words, nullable=False),
    Column("nonce", Words, nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Index("ix_notes_handoff", "handoff", "id"),
    Index("ix_notes_at", "at"),
    sqlite_autoincrement=True,
)

# Calls that staff placed ("call now"): the intent is written before the provider is asked.
phone_calls = Table(
    "phone_calls",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("handoff", BigInteger, nullable=False),
    Column("staff", BigInteger, nullable=False),
    Column("nonce", Words, nullable=False, unique=True),
    Column("provider_id", Words),
    # placing, ringing, staff_not_reached, not_accepted, completed, busy, no-answer, failed ...
    Column("result", Words, nullable=False),
    Column("created", Instant, nullable=False),
    Column("ended", Instant),
    Index("ix_phone_calls_handoff", "handoff", "id"),
    sqlite_autoincrement=True,
)

PROMISE_OPEN = text("settled IS NULL")
"""A call that somebody still has to make."""

# Calls that residents were promised (`core.callbacks.Promise`): ids and moments, no number and no word.
call_backs = Table(
    "call_backs",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("handoff", BigInteger, nullable=False),
    Column("department", Words, nullable=False),
    Column("starts", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    # booked, late, kept, broken
    Column("state", Words, nullable=False),
    Column("tries", Integer, nullable=False),
    # What the last try came to, and why it ended as it did; "" where nothing is known yet.
    Column("last", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("made", Instant, nullable=False),
    Column("settled", Instant),
    Index("uq_call_backs_open", "handoff", unique=True, sqlite_where=PROMISE_OPEN, postgresql_where=PROMISE_OPEN),
    Index("ix_call_backs_owed", "department", "starts", sqlite_where=PROMISE_OPEN, postgresql_where=PROMISE_OPEN),
    Index("ix_call_backs_handoff", "handoff", "id"),
    Index("ix_call_backs_made", "made"),
    sqlite_autoincrement=True,
)

APPEND_ONLY = (audit, consent_history)
"""Tables whose rows a trigger keeps from being changed or deleted."""
