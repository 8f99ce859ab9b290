"""The hub's side of seeing: one picture in, one answer out, whatever the picture does."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Self

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from hub.vision.model import Model
from hub.vision.picture import MAX_PIXELS, inspect
from hub.vision.pipe import Message, pack
from hub.vision.process import EndedError, Process
from hub.vision.result import Answer, Box, Detection, Detections, Reason, Refused

log = structlog.get_logger()

_TRIES: Final = 2
_REMEMBERED: Final = 256


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child may take. memory_bytes: its address space, libraries included.

    timeout_s: for one picture; start_s: for loading the model.
    """

    memory_bytes: int = 2 * 1024**3
    timeout_s: float = 2.0
    start_s: float = 30.0


class Detector:
    """A model in a child process, which is started anew when it ends. Thread-safe; blocking.

    A picture that ended the child twice is poison: it is refused then and whenever it comes again.
    Raises ConfigError when the network's shapes are not what `model.toml` says.
    """

    def __init__(self, model: Model, limits: Limits | None = None) -> None:
        self.restarts = 0
        self._model = model
        self._limits = limits or Limits()
        self._poison: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()
        self._process: Process | None = None
        with self._lock:
            try:
                self._start()
            except EndedError as error:
                raise model.fault(f"cannot be run: {error}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def model(self) -> Model:
        """The model that runs."""
        return self._model

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        process = self._process
        return None if process is None else process.pid

    def detect(self, picture: bytes) -> Answer:
        """What a JPEG or PNG shows. Its declared size is looked at before anything decodes it."""
        size = inspect(picture)
        if isinstance(size, Refused):
            return size
        return self._ask(pack({"do": "picture"}, picture), picture)

    def detect_frame(self, pixels: bytes, width: int, height: int) -> Answer:
        """What a decoded frame shows: rows of BGR bytes, as a video's own child hands them over."""
        if len(pixels) != width * height * 3 or not 0 < width * height <= MAX_PIXELS:
            return Refused("not-a-picture", f"{len(pixels)} bytes are no {width}x{height} frame")
        order = pack({"do": "frame", "width": width, "height": height}, pixels)
        return self._ask(order, pixels)

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._stop()

    def _ask(self, order: bytes, content: bytes) -> Answer:
        digest = hashlib.sha256(content).digest()
        with self._lock:
            if digest in self._poison:
                return Refused("poison", "it ended the decoder twice before")
            why = ""
            for _ in range(_TRIES):
                try:
                    process = self._process or self._start()
                except EndedError as error:
                    return Refused("out-of-order", f"the decoder does not start: {error}")
                try:
                    return _read(process.ask(order, self._limits.timeout_s))
                except EndedError as error:
                    why = str(error)
                    self._lost(why)
            self._remember(digest)
            return Refused("poison", f"it ended the decoder twice: {why}")

    def _start(self) -> Process:
        """A fresh child with the model loaded. Raises EndedError, ConfigError."""
        process = Process()
        spec = self._model.spec.model_dump(mode="json")
        order = {
            "spec": spec,
            "memory_bytes": self._limits.memory_bytes,
            "alone_s": 2 * self._limits.timeout_s + 1,
        }
        answer = process.ask(pack(order, self._model.network), self._limits.start_s)
        if "ready" not in answer:
            process.close()
            raise self._model.fault(str(answer.get("unfit", "cannot be loaded")))
        self._process = process
        return process

    def _lost(self, why: str) -> None:
        self.restarts += 1
        log.warning("vision.child_ended", why=why, restarts=self.restarts)
        self._stop()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None

    def _remember(self, digest: bytes) -> None:
        self._poison[digest] = None
        while len(self._poison) > _REMEMBERED:
            self._poison.popitem(last=False)


class _Seen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    score: float
    box: Box


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    found: tuple[_Seen, ...]
    width: int
    height: int
    ms: float


def _read(message: Message) -> Answer:
    """The child's words, believed only as far as their form goes."""
    if "undecodable" in message:
        return Refused(_UNREADABLE, "it cannot be decoded")
    try:
        said = _Answer.model_validate(message)
    except ValidationError:
        raise EndedError("it answered out of form") from None
    found = tuple(Detection(seen.label, seen.score, seen.box) for seen in said.found)
    return Detections(found, said.width, said.height, said.ms)


_UNREADABLE: Final[Reason] = "not-a-picture"
