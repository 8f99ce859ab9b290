"""Cameras: a child process per camera reads the stream; the agent never touches its bytes."""
