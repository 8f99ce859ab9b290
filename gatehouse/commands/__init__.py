"""The commands, by what they are about. `gatehouse.cli` puts them together."""
