"""Secret numbers of cases, wrong ones, and who may act for whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pins",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_pins"),
        sa.ForeignKeyConstraint(["reference"], ["cases.reference"], ondelete="CASCADE", name="fk_pins_reference"),
    )
    op.create_table(
        "pin_tries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pin_tries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pin_tries_reference", "pin_tries", ["reference", "at"])
    op.create_index("ix_pin_tries_source", "pin_tries", ["source", "at"])
    op.create_index("ix_pin_tries_at", "pin_tries", ["at"])
    create_mandates()


def create_mandates() -> None:
    op.create_table(
        "mandates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resident", sa.Text(), nullable=False),
        sa.Column("helper", sa.Text(), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mandates"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mandates_resident", "mandates", ["resident", "until"])
    op.create_index("ix_mandates_until", "mandates", ["until"])


def downgrade() -> None:
    raise NotImplementedError("a schema is not taken back; restore the copy made before the upgrade")
