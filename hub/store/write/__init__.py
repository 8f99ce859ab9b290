"""What is written, table by table. Each function works in the caller's transaction."""
