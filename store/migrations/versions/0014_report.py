"""What came of contacts, ratings, wishes not understood, cases that were taken up again, and who was asked when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    nothing = sa.text("''")
    op.add_column("contacts", sa.Column("language", sa.Text(), nullable=False, server_default=nothing))
    op.add_column("contacts", sa.Column("result", sa.Text()))
    op.add_column("contacts", sa.Column("unclear", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("contacts", sa.Column("form", sa.Text(), nullable=False, server_default=nothing))
    op.add_column("contacts", sa.Column("step", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("turns", sa.Column("unclear", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("cases", sa.Column("reopened", sa.DateTime(timezone=True)))
    op.create_index("ix_cases_opened", "cases", ["opened"])
    again = sa.text("reopened IS NOT NULL")
    op.create_index("ix_cases_reopened", "cases", ["reopened"], sqlite_where=again, postgresql_where=again)
    op.add_column("conversations", sa.Column("asked", sa.DateTime(timezone=True)))
    was_asked = sa.text("asked IS NOT NULL")
    op.create_index(
        "ix_conversations_asked",
        "conversations",
        ["address", "asked"],
        sqlite_where=was_asked,
        postgresql_where=was_asked,
    )
    op.create_table(
        "ratings",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("got", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "service", "language", "channel", "got", name="pk_ratings"),
    )


def downgrade() -> None:
    raise NotImplementedError("a schema is not taken back; restore the copy made before the upgrade")
