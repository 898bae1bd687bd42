"""What is looked at often, or swept each day, is found however much was kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text_told = sa.text("body <> ''")
    request_told = sa.text("(words <> '' OR callback <> '' OR address IS NOT NULL)")
    op.drop_index("ix_outbox_created", "outbox")
    op.create_index("ix_outbox_told", "outbox", ["created"], sqlite_where=text_told, postgresql_where=text_told)
    op.create_index("ix_outbox_conversation", "outbox", ["conversation", "id"])
    op.create_index("ix_cases_conversation", "cases", ["conversation", "opened"])
    op.create_index(
        "ix_handoffs_told", "handoffs", ["settled"], sqlite_where=request_told, postgresql_where=request_told
    )
    op.create_index("ix_notes_at", "notes", ["at"])


def downgrade() -> None:
    raise NotImplementedError("a schema is not taken back; restore the copy made before the upgrade")
