"""The tests, and what only they use."""
