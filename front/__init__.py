"""The front page of the office, and the card with the numbers of its services. Open to everyone."""
