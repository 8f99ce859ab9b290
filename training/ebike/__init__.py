"""Trains the e-bike detector on rendered cabins and measures it."""
