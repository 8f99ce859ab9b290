"""What can be wrong with a message."""


class WireError(ValueError):
    """A message that breaks the contract.

    `reason` is a stable kebab-case code (dead letters are counted by it); `detail` is one line
    for people and never repeats a signal's value, which may be sensitive.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
