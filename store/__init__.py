"""Where conversations, cases and messages are kept: SQLAlchemy behind the ports of the core."""
