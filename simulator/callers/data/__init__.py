"""Data: who calls, and what they know without being told."""
