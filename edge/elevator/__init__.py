"""What stands beside an elevator car: the contact that holds its door, and its speaker."""
