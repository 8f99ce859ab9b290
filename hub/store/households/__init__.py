"""Who lives on an estate, as rows: read, written, counted and erased."""
