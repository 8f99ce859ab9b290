"""Changes of the feed as the stream's events."""
