"""Small least-squares problems, without a numerical library: rules stay pure Python."""

import math
from collections.abc import Sequence


def solve(rows: Sequence[Sequence[float]], values: Sequence[float]) -> list[float]:
    """The x that minimises |rows · x - values|².

    Raises ValueError when the rows do not determine it.
    """
    width = len(rows[0]) if rows else 0
    matrix = [
        [sum(row[i] * row[j] for row in rows) for j in range(width)]
        + [sum(row[i] * value for row, value in zip(rows, values, strict=True))]
        for i in range(width)
    ]
    scale = max((abs(matrix[i][i]) for i in range(width)), default=0.0)
    for column in range(width):
        pivot = max(range(column, width), key=lambda row: abs(matrix[row][column]))
        if abs(matrix[pivot][column]) <= 1e-12 * scale:
            raise ValueError("too few independent equations")
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        for row in range(width):
            if row != column:
                factor = matrix[row][column] / matrix[column][column]
                matrix[row] = [
                    a - factor * b for a, b in zip(matrix[row], matrix[column], strict=True)
                ]
    return [matrix[i][width] / matrix[i][i] for i in range(width)]


def polynomial(times: Sequence[float], values: Sequence[float], degree: int) -> list[float]:
    """Coefficients, constant first, of the best polynomial of at most `degree`."""
    degree = min(degree, len(times) - 1)
    return solve([[t**power for power in range(degree + 1)] for t in times], values)


def evaluate(coefficients: Sequence[float], t: float) -> float:
    """The polynomial's value at `t`."""
    return sum(c * t**power for power, c in enumerate(coefficients))


def rms(coefficients: Sequence[float], times: Sequence[float], values: Sequence[float]) -> float:
    """Root mean square of what the polynomial leaves unexplained."""
    squares = [
        (evaluate(coefficients, t) - value) ** 2 for t, value in zip(times, values, strict=True)
    ]
    return math.sqrt(sum(squares) / len(squares))
