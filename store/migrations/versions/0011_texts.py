"""Where consent came from, why texts were lost and are sent again, and which numbers get none; missed calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consent_history", sa.Column("source", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("consent_history", sa.Column("staff", sa.BigInteger()))
    op.create_index("ix_consent_history_address", "consent_history", ["channel", "address", "id"])
    op.add_column("outbox", sa.Column("why", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("outbox", sa.Column("resends", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("receipts", sa.Column("why", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("receipts", sa.Column("again", sa.Text(), nullable=False, server_default=sa.text("''")))
    due = sa.text("again = 'due'")
    op.create_index("ix_receipts_again", "receipts", ["provider_id"], sqlite_where=due, postgresql_where=due)
    op.create_table(
        "no_texts",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name="pk_no_texts"),
    )
    op.create_index("ix_no_texts_at", "no_texts", ["at"])
    create_rings()


def create_rings() -> None:
    op.create_table(
        "rings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_id", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rings"),
        sa.UniqueConstraint("call", name="uq_rings_call"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rings_due", "rings", ["status", "due"])
    op.create_index("ix_rings_number", "rings", ["number", "at"])
    op.create_index("ix_rings_at", "rings", ["at"])


def downgrade() -> None:
    raise NotImplementedError("a schema is not taken back; restore the copy made before the upgrade")
