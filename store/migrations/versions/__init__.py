"""One file a step; Alembic follows their order."""
