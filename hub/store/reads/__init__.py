"""Read queries. Each runs on a reader's connection, within the caller's transaction."""
