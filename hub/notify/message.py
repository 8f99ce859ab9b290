"""What a notification says. Only what its reader may see wherever it is shown.

A message passes through other firms' servers and lies on telephones: it names the kind of thing,
its place in the estate, its priority and its number, and nothing that a person wrote or that names
one. Whoever needs more opens the console.
"""

from dataclasses import dataclass
from typing import Any, Final

from hub.alerts import Alert
from hub.cases import Case
from wire import Text

_LETTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Message:
    """title: one line. text: a few more. path: of the page in the console, from its root.

    accepts: whoever gets it may accept the case by it.
    """

    title: Text
    text: Text
    path: str
    accepts: bool = True

    def dump(self) -> dict[str, Any]:
        """As the outbox keeps it."""
        return {
            "title": self.title.model_dump(),
            "text": self.text.model_dump(),
            "path": self.path,
            "accepts": self.accepts,
        }

    @staticmethod
    def load(kept: dict[str, Any]) -> "Message":
        """From what the outbox kept."""
        return Message(
            Text.model_validate(kept["title"]),
            Text.model_validate(kept["text"]),
            kept["path"],
            kept.get("accepts", True),
        )


def of_alert(alert: Alert, name: Text, place: Text | None, response: Text) -> Message:
    """An alarm that somebody has to acknowledge. response: what to do, from the configuration."""
    where = place or Text.plain(alert.device)
    return Message(
        title=_clipped(f"【{alert.priority}】{name.zh}", f"[{alert.priority}] {name.en}"),
        text=Text(
            zh=f"{where.zh}\n尚无人确认。\n{response.zh}",
            en=f"{where.en}\nNobody has acknowledged it.\n{response.en}",
        ),
        path=f"/?alarm={alert.id}",
    )


def of_case(
    case: Case, category: Text, place: Text | None, why: Text, *, accepts: bool = True
) -> Message:
    """A case that needs somebody. why: in one line. place: of the registry, never a person's."""
    where = "" if place is None else place.zh
    there = "" if place is None else place.en
    return Message(
        title=_clipped(
            f"【{case.priority}】{why.zh}：{category.zh}",
            f"[{case.priority}] {why.en}: {category.en}",
        ),
        text=Text(
            zh=f"案件 {case.number}\n{where}".strip(), en=f"Case {case.number}\n{there}".strip()
        ),
        path=f"/cases/{case.id}",
        accepts=accepts,
    )


def _clipped(zh: str, en: str) -> Text:
    return Text(zh=zh[:_LETTERS], en=en[:_LETTERS])
