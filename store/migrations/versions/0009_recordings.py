"""What residents said in their own voice: where it is, and what staff typed of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_code", sa.Text(), nullable=False),
        sa.Column("silent", sa.Boolean()),
        sa.Column("transcript", sa.Text(), nullable=False),
        sa.Column("typed_by", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
    )
    due = sa.text("due IS NOT NULL")
    op.create_index("ix_recordings_due", "recordings", ["due"], sqlite_where=due, postgresql_where=due)
    op.create_index("ix_recordings_conversation", "recordings", ["conversation", "made"])
    op.create_index("ix_recordings_made", "recordings", ["made"])


def downgrade() -> None:
    raise NotImplementedError("a schema is not taken back; restore the copy made before the upgrade")
