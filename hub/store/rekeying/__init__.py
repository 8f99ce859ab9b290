"""New keys: what was linked stays linked, and what was under seal can still be opened."""
