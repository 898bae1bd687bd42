"""The shell round the core: use cases, settings, wiring and the commands."""
