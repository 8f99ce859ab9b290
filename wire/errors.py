"""What can be wrong with a message."""

from pydantic import ValidationError

_MAX_DETAIL = 300


class WireError(ValueError):
    """A message that breaks the contract.

    `reason` is a stable kebab-case code (dead letters are counted by it); `detail` is one line
    for people and never repeats a signal's value, which may be sensitive.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    @classmethod
    def of(cls, reason: str, error: ValidationError, *, whole: str) -> "WireError":
        """The first fault that pydantic found, in one printable line.

        whole: what the message is called where no single field is at fault.
        """
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or whole
        return cls(reason, one_line(f"{place}: {first['msg']}"))


def one_line(text: str) -> str:
    """A text of others', short and printable: it goes into logs, tables and screens."""
    return "".join(char if char.isprintable() else "?" for char in text[:_MAX_DETAIL])
