"""Who lives on an estate: what a list of them may say, and what it changes. No I/O but files'."""
