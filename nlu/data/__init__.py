"""Sentences as people say them, one file a language, from which the recognisers learn; data, no code."""
