"""The providers played on one machine, for tests, demonstrations and development."""
