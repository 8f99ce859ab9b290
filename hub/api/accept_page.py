"""The page behind a message's link: what is accepted, by whom, and what comes next. No script."""

import base64
import hashlib
from html import escape
from typing import Final, Literal

from starlette.responses import HTMLResponse

from hub.access.accept_links import LinkRefusedError
from hub.api.accepting import Offer
from hub.api.directory import Directory
from wire import Text

Language = Literal["zh", "en"]

STYLE: Final = """
:root{color-scheme:light dark;--g:#e7eaea;--r:#fbfcfb;--i:#16201f;--f:#576461;--l:#d3d9d8;--b:#1d2a2a;--o:#f7faf9}
@media(prefers-color-scheme:dark){:root{--g:#0f1415;--r:#1c2326;--i:#e8eeed;--f:#9aa7a4;--l:#273033;--b:#e4ebea;--o:#10181a}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;align-items:center;justify-items:center;background:var(--g);color:var(--i);
font:17px/1.55 -apple-system,"PingFang SC","HarmonyOS Sans SC","MiSans","Microsoft YaHei UI","Noto Sans CJK SC",system-ui,sans-serif}
main{width:min(28rem,100%);padding:1.75rem 1.5rem calc(1.75rem + env(safe-area-inset-bottom));background:var(--r);border-radius:1.25rem}
h1{margin:.2em 0 .8em;font-size:1.6rem;line-height:1.25}
p{margin:0 0 1em}.s{margin:0;color:var(--f);font-size:.9rem}
.p{display:inline-block;padding:.1em .6em;border-radius:.4em;font-weight:700;font-size:.9rem}
.P0{background:#c9211b;color:#fff}.P1{background:#f0951a;color:#241400}.P2{background:#e8cd3c;color:#241f00}.P3{background:#8b9aa2;color:#10181c}
dl{display:grid;grid-template-columns:auto 1fr;gap:.5rem 1.25rem;margin:0 0 1.5rem;padding:1rem 0;border-block:1px solid var(--l)}
dt{color:var(--f)}dd{margin:0;font-weight:600;overflow-wrap:anywhere}
button,a.b{display:block;width:100%;padding:.95rem;border:0;border-radius:.75rem;background:var(--b);color:var(--o);
font:inherit;font-weight:650;font-size:1.1rem;text-align:center;text-decoration:none}
a{color:inherit}.n{margin:1rem 0 0;color:var(--f);font-size:.9rem}
.ok{font-size:2.75rem;line-height:1}
@media(max-width:30rem){body{align-items:start}main{min-height:100vh;border-radius:0}}
""".strip()  # noqa: E501 - a style sheet

_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    # The form has to say that it comes from this page; nobody else is told of the address.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}

_WORDS: Final = {
    "title": Text(zh="接单", en="Accept a case"),
    "accept": Text(zh="确认受理", en="Accept this case"),
    "start": Text(zh="确认接单，开始处置", en="Accept and start handling"),
    "case": Text(zh="案件", en="Case"),
    "place": Text(zh="地点", en="Place"),
    "for": Text(zh="接单人", en="Accepted by"),
    "hint": Text(
        zh="点按钮才会接单；只打开页面不会改变任何事。链接只能用一次。",
        en="Only the button accepts it; opening this page changes nothing. The link works once.",
    ),
    "done": Text(zh="已接单", en="Accepted"),
    "next-accept": Text(
        zh="下一步：到现场核实；登录后可派遣或自行处置。",
        en="Next: check it on the spot; log in to dispatch or to handle it yourself.",
    ),
    "next-start": Text(
        zh="下一步：到现场处置，完成后登录上传照片、反馈结果。",
        en="Next: put it right on the spot, then log in, add a photo and report the result.",
    ),
    "open": Text(zh="打开案件", en="Open the case"),
    "not": Text(zh="没有接单", en="Not accepted"),
    "login": Text(zh="登录后再打开此链接", en="Log in, then open the link again"),
}


def language_of(accepts: str | None) -> Language:
    """From the browser's Accept-Language; Chinese unless it asks for English first."""
    return "en" if (accepts or "").strip().lower().startswith("en") else "zh"


def offer_page(offer: Offer, directory: Directory, language: Language) -> HTMLResponse:
    """What would be accepted, and the button."""
    body = (
        f"{_facts(offer, directory, language)}"
        f'<form method="post"><button>{_say(offer.link.action, language)}</button></form>'
        f'<p class="n">{_say("hint", language)}</p>'
    )
    return _page(200, body, language)


def done_page(offer: Offer, directory: Directory, language: Language) -> HTMLResponse:
    """It is accepted, and what to do now."""
    body = (
        f'<p class="ok" aria-hidden="true">✓</p><p class="s">{_say("done", language)}</p>'
        f"{_facts(offer, directory, language)}"
        f"<p>{_say('next-' + offer.link.action, language)}</p>"
        f'<a class="b" href="/cases/{escape(offer.case.id)}">{_say("open", language)}</a>'
    )
    return _page(200, body, language)


def refusal_page(refused: LinkRefusedError, status: int, language: Language) -> HTMLResponse:
    """Why not."""
    why = getattr(refused.why, language)
    body = f'<p class="s">{_say("not", language)}</p><h1>{escape(why)}</h1>'
    if refused.login:
        body += f'<a class="b" href="/login">{_say("login", language)}</a>'
    return _page(status, body, language)


def _facts(offer: Offer, directory: Directory, language: Language) -> str:
    """The kind of case and the registry's place: nothing that a person wrote."""
    case = offer.case
    category = directory.categories.get(case.category)
    name = getattr(category.name, language) if category is not None else case.category
    rows = [("case", case.number), ("for", getattr(offer.post.name, language))]
    if case.device is not None:
        place = directory.subject(case.site, case.device)[1]
        if place is not None:
            rows.insert(1, ("place", getattr(place, language)))
    facts = "".join(f"<dt>{_say(key, language)}</dt><dd>{escape(text)}</dd>" for key, text in rows)
    mark = f'<span class="p {case.priority.value}">{case.priority.value}</span>'
    return f"{mark}<h1>{escape(name)}</h1><dl>{facts}</dl>"


def _say(key: str, language: Language) -> str:
    return escape(getattr(_WORDS[key], language))


def _page(status: int, body: str, language: Language) -> HTMLResponse:
    title, code = _say("title", language), "zh-CN" if language == "zh" else "en"
    text = (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )
    return HTMLResponse(text, status, HEADERS)
