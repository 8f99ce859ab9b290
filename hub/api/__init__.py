"""The HTTP API of the hub."""
