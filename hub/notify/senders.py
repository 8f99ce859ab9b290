"""Hands a message to the service that carries it. Blocking: called in a thread of its own."""

import base64
import hashlib
import hmac
import http.client
import json
import urllib.parse
from dataclasses import dataclass
from typing import Any, Final

from hub.config.channels import Address, Channel
from hub.notify.message import Message
from hub.outbound import AddressRefusedError, Guard, Use, fenced, post

_OK: Final = range(200, 300)
_NOT_SERVICES: Final = frozenset(
    {"dbus", "glib", "gnome", "kde", "macosx", "mqtt", "mqtts", "qt", "syslog", "windows"}
)
"""What Apprise would do on this very machine, or at a broker."""


class NotSentError(Exception):
    """It did not go out; the words name no address."""


@dataclass(frozen=True, slots=True)
class Links:
    """Absolute addresses that go with a message: its page, and where its case is accepted.

    Both None where no public_url is configured: nobody outside could open them.
    """

    page: str | None = None
    accept: str | None = None


def send(
    channel: Channel, address: Address, message: Message, links: Links, now: int, *, guard: Guard
) -> None:
    """Send it in both languages, where the guard lets it. now: ms. Raises NotSentError."""
    title = f"{message.title.zh} {message.title.en}"
    text = f"{message.text.zh}\n\n{message.text.en}"
    if channel.kind == "dingtalk-card":
        _dingtalk(_signed(address, now), title, text, links, guard)
    else:
        lines = [text]
        lines += [] if links.accept is None else [f"接单 Accept: {links.accept}"]
        lines += [] if links.page is None else [f"打开 Open: {links.page}"]
        _apprise(address, title, "\n\n".join(lines), guard)


def _apprise(address: Address, title: str, text: str, guard: Guard) -> None:
    import apprise  # noqa: PLC0415 - it is large, and most hubs have nobody to call at their start

    # no plugins, no attachments, no configuration from elsewhere: the address alone decides
    asset = apprise.AppriseAsset(secure_logging=True, async_mode=False, app_id="Gatehouse")
    one = apprise.Apprise(asset=asset)
    url = address.url.get_secret_value()
    if url.partition(":")[0].strip().lower() in _NOT_SERVICES:
        raise NotSentError("the address is not that of a service")
    try:
        with fenced(guard):
            known = one.add(url)
            taken = known and one.notify(title=title, body=text)
    except Exception as error:  # noqa: BLE001 - the edge to a hundred services' clients
        # whatever one of them raises must not keep the messages behind it, and the hub, from going
        raise NotSentError(type(error).__name__) from None
    if not known:
        raise NotSentError("the address is not one that Apprise knows")
    if not taken:
        raise NotSentError("the service did not take it, or the hub may not connect there")


def _dingtalk(url: str, title: str, text: str, links: Links, guard: Guard) -> None:
    """An action card of a DingTalk robot: `msgtype: actionCard`, a button for each link.

    Without a link there is no card, but the same words as `markdown`.

    Signed as its robots ask for it: HMAC-SHA256 over `timestamp`, a line feed and the secret, in
    Base64 (open.dingtalk.com, custom robot access, security settings). The service answers 200
    with an `errcode` of its own.
    """
    words = f"### {title}\n\n" + text.replace("\n", "  \n")
    answer = _post(url, _dingtalk_body(title, words, links), guard)
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


def _post(url: str, body: dict[str, Any], guard: Guard) -> dict[str, Any]:
    try:
        answer = post(
            guard,
            url,
            json.dumps(body, ensure_ascii=False).encode(),
            use=Use.NOTIFICATION,
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
        if answer.status not in _OK:
            raise NotSentError(f"it answered {answer.status}")
        found = json.loads(answer.body)
    except AddressRefusedError as error:
        raise NotSentError(f"the hub may not connect there: {error}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NotSentError(type(error).__name__) from None
    if not isinstance(found, dict):
        raise NotSentError("its answer is not an object")
    return found
