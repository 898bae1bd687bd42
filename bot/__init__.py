"""The chat: a channel through Telegram, in a process of its own."""
