"""Hands a message to the service that carries it. Blocking: called in a thread of its own."""

import base64
import hashlib
import hmac
import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Final

from hub.config.channels import Address, Channel
from hub.notify.message import Message

TIMEOUT_S: Final = 10.0
_ANSWER_BYTES: Final = 16_384


class NotSentError(Exception):
    """It did not go out; the words name no address."""


def send(channel: Channel, address: Address, message: Message, link: str, now: int) -> None:
    """Send it in both languages. link: of the page, absolute; now: ms. Raises NotSentError."""
    title = f"{message.title.zh} {message.title.en}"
    text = f"{message.text.zh}\n\n{message.text.en}"
    if channel.kind == "dingtalk-card":
        _dingtalk_card(address, title, text, link, now)
    else:
        _apprise(address, title, f"{text}\n\n{link}")


def _apprise(address: Address, title: str, text: str) -> None:
    import apprise  # noqa: PLC0415 - it is large, and most hubs have nobody to call at their start

    # no plugins, no attachments, no configuration from elsewhere: the address alone decides
    asset = apprise.AppriseAsset(secure_logging=True, async_mode=False, app_id="Gatehouse")
    one = apprise.Apprise(asset=asset)
    if not one.add(address.url.get_secret_value()):
        raise NotSentError("the address is not one that Apprise knows")
    if not one.notify(title=title, body=text):
        raise NotSentError("the service did not take it")


def _dingtalk_card(address: Address, title: str, text: str, link: str, now: int) -> None:
    """An action card of a DingTalk robot: `msgtype: actionCard` with a single button.

    Signed as its robots ask for it: HMAC-SHA256 over `timestamp`, a line feed and the secret, in
    Base64 (open.dingtalk.com, custom robot access, security settings). The service answers 200
    with an `errcode` of its own.
    """
    card = {
        "msgtype": "actionCard",
        "actionCard": {
            "title": title,
            "text": f"### {title}\n\n" + text.replace("\n", "  \n"),
            "singleTitle": "打开 Open",
            "singleURL": link,
        },
    }
    answer = _post(_signed(address, now), card)
    if answer.get("errcode") != 0:
        raise NotSentError(f"DingTalk answered errcode {answer.get('errcode')!r}")


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
