"""Constant-acceleration filters for many tracks and both axes at once."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ACCELERATION = (0.0, 0.25)
"""Prior mean for (x, y), heights/s²: 9.8 m/s² with 40 m of facade in the picture is 0.25."""
ACCELERATION_SIGMA = (0.3, 0.6)
"""Prior standard error: near cameras see gravity at up to 1.2 heights/s²."""
WANDER = (0.3, 0.5)
"""How much the acceleration may change in a second: sway, drag, perspective."""


class Filters:
    """T tracks; state (T, 2 axes, 3: position, speed, acceleration), covariance (T, 2, 3, 3)."""

    def __init__(self) -> None:
        self.state: Numbers = np.zeros((0, 2, 3))
        self.covariance: Numbers = np.zeros((0, 2, 3, 3))

    def __len__(self) -> int:
        return len(self.state)

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Forget the others."""
        self.state, self.covariance = self.state[kept], self.covariance[kept]

    def start(self, before: Numbers, now: Numbers, *, dt: float, variance: Numbers) -> None:
        """Add tracks from pairs of positions (K, 2), `dt` seconds apart; variance (K,) of each."""
        count = len(now)
        state = np.zeros((count, 2, 3))
        state[:, :, 0] = now
        state[:, :, 1] = (now - before) / dt + np.array(ACCELERATION) * dt / 2
        state[:, :, 2] = ACCELERATION
        covariance = np.zeros((count, 2, 3, 3))
        covariance[:, :, 0, 0] = variance[:, None]
        covariance[:, :, 0, 1] = covariance[:, :, 1, 0] = variance[:, None] / dt
        prior = np.array(ACCELERATION_SIGMA) ** 2
        covariance[:, :, 1, 1] = 2 * variance[:, None] / dt**2 + prior * dt**2 / 4
        covariance[:, :, 2, 2] = prior
        covariance[:, :, 1, 2] = covariance[:, :, 2, 1] = prior * dt / 2
        self.state = np.concatenate([self.state, state])
        self.covariance = np.concatenate([self.covariance, covariance])

    def predict(self, dt: float) -> None:
        """Move all tracks on by `dt` seconds."""
        step = np.array([[1, dt, dt * dt / 2], [0, 1, dt], [0, 0, 1]])
        self.state = self.state @ step.T
        self.covariance = step @ self.covariance @ step.T
        self.covariance[:, :, 2, 2] += np.square(WANDER) * dt

    def correct(self, tracks: NDArray[np.intp], measured: Numbers, variance: Numbers) -> None:
        """Take positions (K, 2) with variances (K,) in for the tracks named."""
        covariance, state = self.covariance[tracks], self.state[tracks]
        spread = covariance[:, :, 0, 0] + variance[:, None]
        gain = covariance[:, :, :, 0] / spread[:, :, None]
        residual = measured - state[:, :, 0]
        self.state[tracks] = state + gain * residual[:, :, None]
        self.covariance[tracks] = covariance - gain[..., None] * covariance[:, :, None, 0, :]
