"""A new key for the hashes by which people and cars are known: what was linked stays linked."""
