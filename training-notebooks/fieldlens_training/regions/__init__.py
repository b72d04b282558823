"""Finds the lungs in a chest film, cuts them out and trains on them alone."""
