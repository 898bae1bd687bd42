"""Words for a person stand in the turn they were said in, and nowhere else."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("relays")


def downgrade() -> None:
    raise NotImplementedError("a schema is not taken back; restore the copy made before the upgrade")
