"""What free words are about, beside the case or the request that they came with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("cases", "handoffs"):
        op.add_column(table, sa.Column("about", sa.Text(), nullable=False, server_default=sa.text("''")))
        op.add_column(table, sa.Column("about_sure", sa.Float(), nullable=False, server_default=sa.text("0")))
        op.add_column(table, sa.Column("urgency", sa.Text(), nullable=False, server_default=sa.text("''")))
        op.add_column(table, sa.Column("label_department", sa.Text(), nullable=False, server_default=sa.text("''")))
        op.add_column(table, sa.Column("labelled_by", sa.BigInteger()))
    is_open = sa.text("status <> 'done'")
    op.create_index("ix_cases_open", "cases", ["opened", "reference"], sqlite_where=is_open, postgresql_where=is_open)


def downgrade() -> None:
    raise NotImplementedError("a schema is not taken back; restore the copy made before the upgrade")
