"""Pictures and clips that wait on the agent's disk until the hub has them."""
