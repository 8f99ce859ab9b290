"""Hands a message to the service that carries it. Blocking: called in a thread of its own."""

import base64
import hashlib
import hmac
import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any, Final

from hub.config.channels import Address, Channel
from hub.notify.message import Message

TIMEOUT_S: Final = 10.0
_ANSWER_BYTES: Final = 16_384


class NotSentError(Exception):
    """It did not go out; the words name no address."""


@dataclass(frozen=True, slots=True)
class Links:
    """Absolute addresses that go with a message: its page, and where its case is accepted.

    Both None where no public_url is configured: nobody outside could open them.
    """

    page: str | None = None
    accept: str | None = None


def send(channel: Channel, address: Address, message: Message, links: Links, now: int) -> None:
    """Send it in both languages. now: ms. Raises NotSentError."""
    title = f"{message.title.zh} {message.title.en}"
    text = f"{message.text.zh}\n\n{message.text.en}"
    if channel.kind == "dingtalk-card":
        _dingtalk(address, title, text, links, now)
    else:
        lines = [text]
        lines += [] if links.accept is None else [f"接单 Accept: {links.accept}"]
        lines += [] if links.page is None else [f"打开 Open: {links.page}"]
        _apprise(address, title, "\n\n".join(lines))


def _apprise(address: Address, title: str, text: str) -> None:
    import apprise  # noqa: PLC0415 - it is large, and most hubs have nobody to call at their start

    # no plugins, no attachments, no configuration from elsewhere: the address alone decides
    asset = apprise.AppriseAsset(secure_logging=True, async_mode=False, app_id="Gatehouse")
    one = apprise.Apprise(asset=asset)
    if not one.add(address.url.get_secret_value()):
        raise NotSentError("the address is not one that Apprise knows")
    if not one.notify(title=title, body=text):
        raise NotSentError("the service did not take it")


def _dingtalk(address: Address, title: str, text: str, links: Links, now: int) -> None:
    """An action card of a DingTalk robot: `msgtype: actionCard`, a button for each link.

    Without a link there is no card, but the same words as `markdown`.

    Signed as its robots ask for it: HMAC-SHA256 over `timestamp`, a line feed and the secret, in
    Base64 (open.dingtalk.com, custom robot access, security settings). The service answers 200
    with an `errcode` of its own.
    """
    words = f"### {title}\n\n" + text.replace("\n", "  \n")
    answer = _post(_signed(address, now), _dingtalk_body(title, words, links))
    if answer.get("errcode") != 0:
        raise NotSentError(f"DingTalk answered errcode {answer.get('errcode')!r}")


def _dingtalk_body(title: str, words: str, links: Links) -> dict[str, Any]:
    if links.page is None:
        return {"msgtype": "markdown", "markdown": {"title": title, "text": words}}
    card: dict[str, Any] = {"title": title, "text": words}
    if links.accept is None:
        card |= {"singleTitle": "打开 Open", "singleURL": links.page}
    else:
        buttons = {"接单 Accept": links.accept, "打开 Open": links.page}
        card["btnOrientation"] = "0"
        card["btns"] = [{"title": name, "actionURL": url} for name, url in buttons.items()]
    return {"msgtype": "actionCard", "actionCard": card}


def _signed(address: Address, now: int) -> str:
    url = address.url.get_secret_value()
    if address.secret is None:
        return url
    secret = address.secret.get_secret_value()
    digest = hmac.new(secret.encode(), f"{now}\n{secret}".encode(), hashlib.sha256).digest()
    more = urllib.parse.urlencode({"timestamp": now, "sign": base64.b64encode(digest).decode()})
    return f"{url}{'&' if '?' in url else '?'}{more}"


def _post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise NotSentError("the address is not an http(s) one")
    try:
        request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
            url,
            data=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
            found = json.loads(answer.read(_ANSWER_BYTES))
    except urllib.error.HTTPError as error:
        raise NotSentError(f"it answered {error.code}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NotSentError(type(error).__name__) from None
    if not isinstance(found, dict):
        raise NotSentError("its answer is not an object")
    return found
