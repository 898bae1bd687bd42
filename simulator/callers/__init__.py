"""Callers that are simulated: they know what they want and what they hear, and nothing of the line that they call."""
