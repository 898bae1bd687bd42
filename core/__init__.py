"""The pure centre: what a conversation is and what it does next. Standard library only."""
