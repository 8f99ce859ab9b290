"""What differs between SQLite and PostgreSQL, and nothing of what is stored.

Opening, locks, upserts, partitions and the wake-up of other processes. Above it, statements are
written once for both.
"""
