"""Refusals."""

from hub.errors import HubError


class NotLoggedInError(HubError):
    """There is no session, or it has ended."""

    code = "not-logged-in"


class ForbiddenError(HubError):
    """The person's role does not allow it."""

    code = "forbidden"


class LoginRefusedError(HubError):
    """Name or password is wrong; which of them is not told."""

    code = "login-refused"


class CodeNeededError(LoginRefusedError):
    """Name and password are right; the account asks for a code besides."""

    code = "code-needed"


class WrongCodeError(LoginRefusedError):
    """The code is wrong, too old, or was used already."""

    code = "code-wrong"


class TooManyTriesError(HubError):
    """Too many logins were tried. retry_after_s: when the next one is looked at."""

    code = "too-many-tries"

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"too many tries; try again in {retry_after_s:.0f} s")
        self.retry_after_s = retry_after_s
