"""How an error is told in a log: what and where, never with which values."""

import traceback

FRAMES = 6


def told(error: BaseException) -> dict[str, str]:
    """Fields for a log line: the error's class, and the last places that it came through.

    No message and no local variable: either may hold a plate or a card number.
    """
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames
    ]
    return {"error": type(error).__name__, "at": " > ".join(places)}
