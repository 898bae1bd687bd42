"""What the resident means: recognisers, how they are trained and how they are judged."""
