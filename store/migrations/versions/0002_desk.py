"""Staff: their accounts and sessions, what they do with a request, and what was said in a turn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    add_to_turns()
    add_to_handoffs()
    create_staff()
    create_sessions()
    create_failed_sign_ins()
    create_notes()
    create_phone_calls()


def add_to_turns() -> None:
    op.add_column("turns", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("turns", sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("turns", sa.Column("said", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("turns", sa.Column("believed", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("turns", sa.Column("danger", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("turns", sa.Column("staff", sa.BigInteger()))


def add_to_handoffs() -> None:
    op.add_column("handoffs", sa.Column("department", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("handoffs", sa.Column("claimed_by", sa.BigInteger()))
    op.add_column("handoffs", sa.Column("claimed", INSTANT))
    op.add_column("handoffs", sa.Column("outcome", sa.Text(), nullable=False, server_default=sa.text("''")))


def create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("login", name="uq_staff_login"),
        sqlite_autoincrement=True,
    )


def create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("seen", INSTANT, nullable=False),
        sa.Column("used", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_staff", "sessions", ["staff"])


def create_failed_sign_ins() -> None:
    op.create_table(
        "failed_sign_ins",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failed_sign_ins"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_failed_sign_ins_source", "failed_sign_ins", ["source", "at"])


def create_notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("handoff", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.UniqueConstraint("nonce", name="uq_notes_nonce"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notes_handoff", "notes", ["handoff", "id"])


def create_phone_calls() -> None:
    op.create_table(
        "phone_calls",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("handoff", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text()),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("ended", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_phone_calls"),
        sa.UniqueConstraint("nonce", name="uq_phone_calls_nonce"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_phone_calls_handoff", "phone_calls", ["handoff", "id"])
