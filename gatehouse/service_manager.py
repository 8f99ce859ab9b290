"""Tells systemd that a service is ready, and goes on living (sd_notify(3))."""

import os
import socket
from collections.abc import Callable
from typing import Final

_SIGN: Final = b"READY=1\nWATCHDOG=1"
"""Ready is what matters the first time, alive every time."""


def sign_of_life() -> Callable[[], None] | None:
    """What a service calls once it serves, and every few seconds from then on.

    None where no service manager listens. The sign neither blocks nor raises: a manager that does
    not hear it starts the service anew.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return None
    path = "\0" + address[1:] if address.startswith("@") else address

    def sign() -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            try:
                sender.sendto(_SIGN, path)
            except OSError:
                return

    return sign
