"""Configuration files as documents: read with their schema, changed, checked, compared, saved.

Nothing here decides what a configuration may say; that is `hub.config` and the hub's own start.
"""
