"""Exact laws and closed forms; imports numpy and scipy only."""
