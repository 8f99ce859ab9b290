"""Repeatable chance: one stream of random numbers by name, so that none disturbs another."""

import random


def draw_from(name: str, seed: int) -> random.Random:
    """The stream `name` of a seed."""
    return random.Random(f"{name}-{seed}")  # noqa: S311 - simulations must be repeatable
