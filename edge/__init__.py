"""The agent beside the devices: drivers, durable outbox, MQTT link, commands."""
