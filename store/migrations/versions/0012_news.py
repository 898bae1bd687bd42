"""Who wants to be told of their case; texts and calls that wait for the hours they chose, and codes told with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "news",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_news"),
    )
    op.create_index("ix_news_at", "news", ["at"])
    for table, column in (("rings", "news"), ("rings", "times"), ("codes", "reference"), ("outbox", "times")):
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_rings_news", "rings", ["news"])


def downgrade() -> None:
    raise NotImplementedError("a schema is not taken back; restore the copy made before the upgrade")
