"""The hub: takes observations in, decides, alarms, keeps cases, shows them to people."""
