"""Barrier controllers over HTTP: their records and the pictures in them."""
