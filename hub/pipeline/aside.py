"""What cannot be taken in: counted, and kept with its reason, its head sealed."""

from typing import Final

from hub.pipeline.incoming import Fault, Incoming
from hub.pipeline.work import Work
from hub.store.seal import Seal
from hub.store.write.counters import Count
from hub.store.write.dead_letters import DeadLetter
from hub.traces.biometric import holds_template

UNREADABLE: Final = Fault("unreadable", "the message could not be read")
UNKNOWN_AGENT: Final = Fault("unknown-agent", "no such agent in the site's registry")
UNKNOWN_DEVICE: Final = Fault("unknown-device", "not a device that this agent may speak for")
WRONG_KIND: Final = Fault("wrong-kind", "the registry has this device as another kind")


class Aside:
    """Where it goes. seal: of the site, for the head of the message."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def put(
        self,
        work: Work,
        message: Incoming,
        fault: Fault | None = None,
        *,
        idx: int | None = None,
        device: str | None = None,
    ) -> None:
        """Keep a message, or one part of it, `idx`, as a dead letter. fault: by default its own."""
        header = message.header
        why = fault or message.fault or UNREADABLE
        work.count(message.site, Count.DEAD)
        work.letters.append(
            DeadLetter(
                topic=message.topic,
                site=message.site,
                received_at=message.received_at,
                reason=why.reason,
                detail=why.detail,
                size=message.size,
                agent=message.agent or None,
                boot=None if header is None else header.boot,
                lane=None if header is None else header.lane.value,
                seq=None if header is None else header.seq,
                idx=idx,
                device=device,
                sealed=self._head(message),
            )
        )

    def _head(self, message: Incoming) -> bytes | None:
        """The beginning of the message under seal; nothing of one that names a template."""
        if not message.head or holds_template(message.head):
            return None
        return self._seal.seal(message.site, message.head)
