"""The console: where staff see who waits, read, answer, and are done."""
