"""Elevator cars: who rides, what the camera sees, the contact on the door button, the speaker."""
