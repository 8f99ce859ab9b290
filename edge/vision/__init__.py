"""Cameras: decoding in child processes, and the front ends that turn pictures into evidence."""
