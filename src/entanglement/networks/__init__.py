"""Models: Algorithm 1, Algorithm 2 and distance attention."""
