"""Modbus for drivers: registers as data, and one bus with its time-outs."""
