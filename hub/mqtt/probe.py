"""Whether a broker lets in anybody: tried as a stranger would."""

import ssl
import time
from typing import Final

from hub.mqtt.pipe import Pipe
from hub.mqtt.settings import LinkSettings
from wire import mqtt
from wire.mqtt import Answer, PacketType, Version

ANSWER_S: Final = 3.0
_KEEPALIVE_S: Final = 10


def lets_in_anybody(settings: LinkSettings) -> bool:
    """Connect without a login or certificate; whether that was accepted. Blocking.

    A broker that hangs up, or does not answer, lets nobody in. Raises OSError when it is away.
    """
    stranger = settings.without_login
    for version in settings.protocols:
        try:
            pipe = Pipe(stranger)
        except ssl.SSLError:
            return False  # it wants a certificate
        with pipe:
            answer = _answer(pipe, stranger, version)
        if answer is not None:
            return answer
    return False


def _answer(pipe: Pipe, stranger: LinkSettings, version: Version) -> bool | None:
    """Whether it said welcome; None when it said nothing at all to this version."""
    reader, until = mqtt.Reader(version), time.monotonic() + ANSWER_S
    try:
        pipe.send(mqtt.Connect(stranger.client_id, _KEEPALIVE_S).encode(version))
        while time.monotonic() < until:
            data = pipe.receive(ANSWER_S / 4)
            if data is None:
                return False
            for packet in reader.feed(data):
                if isinstance(packet, Answer) and packet.type is PacketType.CONNACK:
                    pipe.send(mqtt.DISCONNECT)
                    return packet.codes[0] == 0
    except (OSError, mqtt.PacketError):
        return False
    return None
