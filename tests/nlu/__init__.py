"""Tests of understanding: the loader, the engine, the words of danger, and the figures on sentences kept apart."""
