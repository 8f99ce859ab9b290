"""The hub's eyes: a model in its child process, and the stream of frames that it is shown."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from hub.app.line import Line
from hub.app.threads import in_thread
from hub.config import HubConfig
from hub.errors import ConfigError
from hub.pipeline import Sighting

log = structlog.get_logger(__name__)


@asynccontextmanager
async def seeing(config: HubConfig, line: Line) -> AsyncIterator[None]:
    """Look for e-bikes in what cameras send; None where no model is named.

    Raises ConfigError for a model that cannot be used: a hub that seems to look must look.
    """
    name = config.vision.model
    if name is None:
        log.warning("vision.off", reason="no [vision] model in hub.toml")
        yield
        return
    if config.models is None:
        raise ConfigError(config.source, "vision.model", "no folder of models is known")
    # Only here: a hub that looks at nothing runs without the libraries of the extra `vision`.
    from hub.vision.detector import Detector  # noqa: PLC0415
    from hub.vision.model import find_ebike_model  # noqa: PLC0415
    from hub.vision.stream import Eye, FrameStream  # noqa: PLC0415

    model = await asyncio.to_thread(find_ebike_model, name, config.models)
    async with AsyncExitStack() as stack:
        detector = await asyncio.to_thread(Detector, model)
        stack.push_async_callback(asyncio.to_thread, detector.close)
        eye = Eye(detector.detect, f"{model.spec.name} {model.spec.version}", model.spec.thresholds)

        def sighted(some: list[Sighting]) -> Future[None]:
            return line.pipeline.sighted(some, line.clock.now())

        stream = await stack.enter_async_context(in_thread(FrameStream(eye, sighted)))
        line.announcer.listen(stream.committed)
        log.info("vision.ready", model=eye.name)
        yield
