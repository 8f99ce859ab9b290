"""Who may do what: roles, authorisation, passwords, sessions, the audit chain."""
