"""What the hub knows before anything happens: sites, conditions, categories, the case flow."""

from typing import Literal

from hub.alerts import Need
from hub.api.models.base import Answer, At
from hub.config import Priority, Role, Whistle
from hub.config.standard import Side
from wire import Text


class Health(Answer):
    """Whether the hub serves, and takes in.

    status: `ok`; `degraded` while the store refuses, and agents keep what they have. broker:
    whether it is connected to its MQTT broker at present. store_failing_since: since when nothing
    can be stored, None while it can. waiting: messages that are not yet stored. shed: by lane,
    messages since the start that were more than could wait; agents send them again.
    """

    status: Literal["ok", "degraded"]
    version: str
    hub_boot: str
    now: At
    broker: bool
    store_failing_since: At | None
    waiting: int
    shed: dict[str, int]


class ConditionInfo(Answer):
    """An alarm type. response: what the guard does now; see `configs/alarms` for the figures."""

    id: str
    name: Text
    priority: Priority
    response: Text
    owner: Text | None
    respond_s: float | None
    latching: bool
    on_delay_s: float
    off_delay_s: float
    dead_band: float
    suppresses: list[str]


class DepartmentInfo(Answer):
    """Who handles cases. contractor: a firm; a case may go straight to it in some categories."""

    id: str
    name: Text
    contractor: bool


class StandardInfo(Answer):
    """A line of a closing standard. optional: it may stay open. photos: that it asks for."""

    id: str
    text: Text
    optional: bool
    photos: list[Side]


class CategoryInfo(Answer):
    """A kind of case. priority: what it opens with; manual: people may open one by hand.

    branch, branch_id: of the catalogue's tree. standard: what has to be true before it may be
    closed.
    lead, helpers: departments, by name and by id. direct: it may go straight to a contractor.
    whistle: how many have to come together (吹哨).
    dispute: who is responsible where nobody wants to be (三定).
    """

    id: str
    branch: Text
    branch_id: str
    name: Text
    priority: Priority
    hint: Text | None
    manual: bool
    whistle: Whistle
    whistle_name: Text
    lead: Text
    lead_id: str
    helpers: list[Text]
    helper_ids: list[str]
    direct: bool
    dispute: Text
    standard: list[StandardInfo]


class FlowState(Answer):
    """A state of a case. open: there is still something to do on the spot."""

    id: str
    name: Text
    open: bool


class FlowStep(Answer):
    """Where an action leads from one state."""

    from_state: str
    to_state: str


class FlowAction(Answer):
    """An action on a case. role: the least role that may take it.

    needs: fields it asks for; takes: fields that may be given besides. bulk: it may be taken on
    many cases at once.
    """

    id: str
    name: Text
    role: Role
    needs: list[Need]
    takes: list[Need]
    bulk: bool
    steps: list[FlowStep]


class ResolutionInfo(Answer):
    """A way for a case to end. genuine: what the alert said was so; null when that stays open.

    standard: the closing standard has to be met first.
    """

    id: str
    name: Text
    genuine: bool | None
    standard: bool


class CaseFlow(Answer):
    """The case flow as data. start: the state of a new case."""

    start: str
    states: list[FlowState]
    actions: list[FlowAction]
    resolutions: list[ResolutionInfo]


class Building(Answer):
    """A building of a site; `floors` above ground, `basements` below."""

    id: str
    name: Text
    floors: int
    basements: int
    floor_height_m: float


class Part(Answer):
    """A unit of the organisation that answers for some buildings of a site, such as a grid."""

    id: str
    name: Text


class Site(Answer):
    """A site that the asking user may see. home_plates: what plates from here begin with."""

    id: str
    name: Text
    buildings: list[Building]
    units: list[Part]
    home_plates: list[str]
