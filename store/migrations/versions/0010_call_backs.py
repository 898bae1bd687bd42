"""Calls that residents were promised, and what became of each promise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "call_backs",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("handoff", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_call_backs"),
        sqlite_autoincrement=True,
    )
    owed = sa.text("settled IS NULL")
    op.create_index(
        "uq_call_backs_open", "call_backs", ["handoff"], unique=True, sqlite_where=owed, postgresql_where=owed
    )
    op.create_index(
        "ix_call_backs_owed", "call_backs", ["department", "starts"], sqlite_where=owed, postgresql_where=owed
    )
    op.create_index("ix_call_backs_handoff", "call_backs", ["handoff", "id"])
    op.create_index("ix_call_backs_made", "call_backs", ["made"])


def downgrade() -> None:
    raise NotImplementedError("a schema is not taken back; restore the copy made before the upgrade")
