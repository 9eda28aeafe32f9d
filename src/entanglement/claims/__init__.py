"""Frozen tests of the claims, and their verdicts."""
