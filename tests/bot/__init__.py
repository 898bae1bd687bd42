"""The chat: aiogram over HTTP against the exchange, on a real database."""
