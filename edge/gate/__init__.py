"""Gate controllers over HTTP: their records, their tokens, their commands."""
