"""What is kept how long: the classes, what holds them beyond their time, and erasure on request."""
