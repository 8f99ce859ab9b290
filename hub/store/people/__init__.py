"""Accounts, sessions and the audit trail: what the writer does to them, and how they are read."""
