"""The chat: updates that are stored before they are worked on, and the choices in a text, for buttons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("options", sa.Text(), nullable=False, server_default=sa.text("''")))
    create_updates()


def downgrade() -> None:
    raise NotImplementedError("a schema is not taken back; restore the copy made before the upgrade")


def create_updates() -> None:
    op.create_table(
        "updates",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("came", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_updates"),
    )
    undone = sa.text("done IS NULL")
    op.create_index("ix_updates_undone", "updates", ["id"], sqlite_where=undone, postgresql_where=undone)
    op.create_index("ix_updates_came", "updates", ["came"])
