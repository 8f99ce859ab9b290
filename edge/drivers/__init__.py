"""Drivers as plug-ins: one module here, one `DRIVER`. Adding hardware is adding a file."""
