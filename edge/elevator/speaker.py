"""The car's speaker: it is told over HTTP what to say (docs/protocols/speaker-http.md)."""

import tomllib
from pathlib import Path
from typing import Annotated

import aiohttp
from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, ValidationError

from edge.controllers.orders import command_controller
from edge.controllers.tokens import load_or_make_token
from edge.errors import ConfigError
from wire import Id, Text

MAX_TEXT = 300


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SpeakerSettings(_Table):
    """url: base URL of the speaker. message: file with what it says. volume: percent."""

    url: AnyHttpUrl
    token_file: Path
    message: Path
    volume: Annotated[int, Field(ge=0, le=100)] = 80

    def below(self, folder: Path) -> "SpeakerSettings":
        """The same, with relative paths taken from `folder`."""
        paths = {"token_file": folder / self.token_file, "message": folder / self.message}
        return self.model_copy(update=paths)


class Message(_Table):
    """What is said, one language after the other. times: how often in a row."""

    id: Id
    name: Text
    say: Text
    times: Annotated[int, Field(ge=1, le=5)] = 1


def load_message(path: Path) -> Message:
    """Read a file of `configs/voice`. Raises ConfigError."""
    try:
        message = Message.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: {key}: {first['msg']}") from None
    for text in (message.say.zh, message.say.en):
        if not 0 < len(text) <= MAX_TEXT:
            raise ConfigError(f"{path}: say: 1 to {MAX_TEXT} characters in each language")
    return message


class Speaker:
    """One car's. Raises ConfigError for a message or token that cannot be used."""

    def __init__(self, settings: SpeakerSettings, session: aiohttp.ClientSession) -> None:
        self._url = str(settings.url).rstrip("/") + "/play"
        self._token = load_or_make_token(settings.token_file)
        self._message = load_message(settings.message)
        self._volume = settings.volume
        self._session = session

    async def play(self, command: str) -> None:
        """Have the message said; it has begun when this returns. Raises DeviceError."""
        said = self._message.say
        order = {
            "id": command,
            "message": self._message.id,
            "say": [
                {"language": "zh-CN", "text": said.zh},
                {"language": "en", "text": said.en},
            ],
            "times": self._message.times,
            "volume": self._volume,
        }
        await command_controller(self._session, self._url, self._token, order)
