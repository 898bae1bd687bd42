"""What the town pays its provider for: contacts, and the calls and texts in them, in numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("conversation", sa.Text()),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint("conversation", "day", name="uq_contacts_conversation"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contacts_began", "contacts", ["began"])
    named = sa.text("conversation IS NOT NULL")
    op.create_index("ix_contacts_named", "contacts", ["began"], sqlite_where=named, postgresql_where=named)
    op.create_table(
        "usage",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("provider_id", sa.Text()),
        sa.Column("contact", sa.BigInteger()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("told", sa.Integer()),
        sa.Column("reckoned", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_usage"),
        sa.UniqueConstraint("provider_id", name="uq_usage_provider_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_usage_at", "usage", ["at"])
    op.create_index("ix_usage_contact", "usage", ["contact"])
    named = sa.text("provider_id IS NOT NULL")
    op.create_index("ix_usage_named", "usage", ["at"], sqlite_where=named, postgresql_where=named)


def downgrade() -> None:
    raise NotImplementedError("a schema is not taken back; restore the copy made before the upgrade")
