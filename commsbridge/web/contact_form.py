"""A contact's form: what stands in its fields, and what was typed read into ways, a language and hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import TypeVar

from commsbridge import whanau
from commsbridge.foundation.addresses import read_email, read_phone, show_phone
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import KNOWN, N_, Language, say
from commsbridge.whanau import Channel, Contact, Way

FIELDS = (
    "name",
    "greeting",
    "mobile",
    "landline",
    "email",
    "language",
    "other_language",
    "way_1",
    "way_2",
    "way_3",
    "from_time",
    "until_time",
    "note",
)
ORDER = ("way_1", "way_2", "way_3")
OTHER = "other"
BOTH = "both"
Reach = tuple[Channel, str | None]
Values = dict[str, str]
Read = TypeVar("Read")

NOT_USED = N_("Choose where this comes in the order below, or take it out.")
TWICE = N_("This way is chosen twice.")
NEEDS_MOBILE = N_("A text needs a mobile number.")
NEEDS_EMAIL = N_("An email needs an email address.")
NEEDS_NUMBER = N_("A call needs a number.")
BOTH_TIMES = N_("Give both times, or neither.")
SAME_TIMES = N_("These two times are the same, which leaves no hours at all.")
NO_TIME = N_("Write a time like 15:30.")
UNKNOWN = N_("Choose one of these.")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a form says: the language asked for, the ways in order, and the quiet hours (None: the school's own)."""

    language: str
    ways: tuple[Reach, ...]
    quiet: tuple[time, time] | None


def is_offered(language: str) -> bool:
    """Whether a language has a choice of its own in the form: what we write in, and both of our own."""
    return language == BOTH or language in KNOWN


def typed(form: Mapping[str, str]) -> Values:
    """The fields as they were typed, so that a page that is shown again has lost nothing."""
    return {field: form.get(field, "") for field in FIELDS}


def blank() -> Values:
    """An empty form."""
    return {**dict.fromkeys(FIELDS, ""), "language": Language.EN.value}


def values_of(contact: Contact, language: str, ways: Sequence[Way]) -> Values:
    """A contact as the form's fields. Only the first way of each kind has a field; ``beyond_form`` are the others."""
    known = is_offered(language)
    order = list(dict.fromkeys(Channel(way.channel) for way in ways))[: len(ORDER)]
    address = {channel: _shown(channel, _first(ways, channel)) for channel in order}
    mobile, call = address.get(Channel.TEXT, ""), address.get(Channel.CALL, "")
    places = dict(zip(ORDER, (channel.value for channel in order), strict=False))
    return {
        **blank(),
        **places,
        "name": contact.name,
        "greeting": contact.greeting or "",
        "mobile": mobile,
        "landline": "" if call == mobile else call,
        "email": address.get(Channel.EMAIL, ""),
        "language": language if known else OTHER,
        "other_language": "" if known else language,
        "from_time": f"{contact.quiet_until:%H:%M}" if contact.quiet_until else "",
        "until_time": f"{contact.quiet_from:%H:%M}" if contact.quiet_from else "",
        "note": contact.note,
    }


def beyond_form(ways: Sequence[Way]) -> list[Reach]:
    """The ways that the form has no field for: a second number, a fourth way. Keeping the form keeps them, last."""
    order = list(dict.fromkeys(Channel(way.channel) for way in ways))[: len(ORDER)]
    in_form = {(channel, _first(ways, channel)) for channel in order}
    return [(way.channel, way.address) for way in ways if (way.channel, way.address) not in in_form]


def read(values: Mapping[str, str], language: Language) -> tuple[Wishes | None, dict[str, str]]:
    """What the fields say, or what is wrong with each of them, in the language of the page."""
    wrong: dict[str, Invalid] = {}
    order = _order(values, wrong)
    for field, needed in (("mobile", read_phone), ("landline", read_phone), ("email", read_email)):
        if values[field].strip():
            _try(wrong, field, needed, values[field])
    ways = _ways(values, order, wrong)
    asked = _try(wrong, "language", _language, values)
    quiet = _try(wrong, "from_time", _quiet, values)
    if wrong:
        in_order = sorted(wrong.items(), key=lambda item: FIELDS.index(item[0]))
        return None, {field: say(language, no.sentence, **no.slots) for field, no in in_order}
    return Wishes(asked or "", tuple(ways), quiet), {}


def _first(ways: Sequence[Way], channel: Channel) -> str | None:
    return next(way.address for way in ways if way.channel == channel)


def _shown(channel: Channel, address: str | None) -> str:
    if address is None:
        return ""
    return address if channel is Channel.EMAIL else show_phone(address)


def _try(wrong: dict[str, Invalid], field: str, reading: Callable[..., Read], *given: object) -> Read | None:
    """Read one field; a refusal is kept beside it, or beside the field that it names itself."""
    try:
        return reading(*given)
    except Invalid as refusal:
        wrong[refusal.field or field] = refusal
        return None


def _order(values: Mapping[str, str], wrong: dict[str, Invalid]) -> list[Channel]:
    order: list[Channel] = []
    for field in ORDER:
        chosen = values[field]
        if not chosen:
            continue
        if chosen not in set(Channel):
            wrong[field] = Invalid(UNKNOWN)
        elif Channel(chosen) in order:
            wrong[field] = Invalid(TWICE)
        else:
            order.append(Channel(chosen))
    return order


def _ways(values: Mapping[str, str], order: Sequence[Channel], wrong: dict[str, Invalid]) -> list[Reach]:
    """Each chosen way with the field it goes by; a field that no way goes by is not lost without a word."""
    goes_by = {
        Channel.TEXT: ("mobile", NEEDS_MOBILE),
        Channel.EMAIL: ("email", NEEDS_EMAIL),
        Channel.CALL: ("landline" if values["landline"].strip() else "mobile", NEEDS_NUMBER),
    }
    ways: list[Reach] = []
    used = set()
    for channel in order:
        field, missing = goes_by.get(channel, ("", ""))
        if not field:
            ways.append((channel, None))
            continue
        used.add(field)
        ways.append((channel, values[field]))
        if not values[field].strip():
            wrong.setdefault(field, Invalid(missing))
    for field in ("mobile", "landline", "email"):
        if values[field].strip() and field not in used:
            wrong.setdefault(field, Invalid(NOT_USED))
    return ways


def _language(values: Mapping[str, str]) -> str:
    chosen = values["language"]
    if is_offered(chosen):
        return chosen
    if chosen != OTHER:
        raise Invalid(UNKNOWN, field="language")
    return whanau.language_named(values["other_language"])


def _quiet(values: Mapping[str, str]) -> tuple[time, time] | None:
    """The quiet hours around the hours in which a message may come: from the evening's end to the morning's start."""
    start, end = values["from_time"].strip(), values["until_time"].strip()
    if not start and not end:
        return None
    if not start or not end:
        raise Invalid(BOTH_TIMES, field="from_time" if not start else "until_time")
    opens, closes = _time(start, "from_time"), _time(end, "until_time")
    if opens == closes:
        raise Invalid(SAME_TIMES, field="until_time")
    return closes, opens


def _time(written: str, field: str) -> time:
    try:
        return time.fromisoformat(written).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Invalid(NO_TIME, field=field) from None
