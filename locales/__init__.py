"""Translations of everything a resident hears or reads, one folder a language; data, no code."""
