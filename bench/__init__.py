"""Measurements: each module one command (`python -m bench.NAME`) that prints JSON lines."""
