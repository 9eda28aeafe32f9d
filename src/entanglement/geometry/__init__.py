"""Angles, spacetime diagrams, distance products and their isometries."""
