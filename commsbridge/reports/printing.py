"""A report on paper: for leaders with the names of who needs news, for a board without anything personal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from commsbridge.foundation.language import N_, Language, say, say_many
from commsbridge.foundation.paper import set_on_paper
from commsbridge.reports.regularity import Regularity
from commsbridge.reports.report import Report
from commsbridge.reports.rules import Aims
from commsbridge.reports.summary import SMALLEST_GROUP, Share, Summary
from commsbridge.reports.voice import Voice
from commsbridge.reports.words import EACH_COUNTS, asked, how, three_sentences, title, told_of, voice_how

TEMPLATE = "reports/papers/report.typ"
NO_ROOMS: Mapping[UUID, str] = MappingProxyType({})
TITLE = N_("Is every family hearing good news?")


def on_paper(
    report: Report,
    language: Language,
    *,
    school: str,
    period: str,
    made_at: datetime,
    before: Summary | None = None,
    waiting: Sequence[Regularity] = (),
    rooms: Mapping[UUID, str] = NO_ROOMS,
    for_board: bool = False,
) -> bytes:
    """A tagged PDF of a report; ``waiting`` are the children to name with their class: nobody, for a board."""
    found = report.summary
    contents = {
        "school": school,
        "period": period,
        "sentences": three_sentences(language, found, before, for_board=for_board),
        "told": [say(language, EACH_COUNTS), *told_of(language, report, for_board=for_board)],
        "heads": [say(language, each) for each in (N_("Measure"), N_("Counted"), N_("How is this counted?"))],
        "measures": [_measure(language, name, share, report.aims) for name, share in found.shares.items()],
        "voice_title": say(language, N_("What whānau say")),
        "voice_heads": [say(language, each) for each in (N_("Question"), N_("Mostly or yes"), N_("Answered"))],
        "voice": [_voice(language, each) for each in report.voice],
        "voice_how": voice_how(language),
        "waits_title": say(language, N_("Have not heard good news")),
        "waits_heads": [say(language, each) for each in (N_("Student"), N_("Class"), N_("School days"))],
        "waits": [
            {"name": each.facts.name, "room": rooms.get(each.facts.id, ""), "days": str(each.waited)}
            for each in waiting
        ],
    }
    foot = say_many(language, "%(num)s student", "%(num)s students", found.students)
    return set_on_paper(
        TEMPLATE, contents, title=say(language, TITLE), foot=f"{school} · {foot}", language=language, made_at=made_at
    )


def figures_in_lines(report: Report, language: Language) -> list[str]:
    """Every measure as a line of words, then what homes said: numbers alone, and none of a small group."""
    told = [f"{title(language, name)}: {_counted(language, share)}" for name, share in report.summary.shares.items()]
    voice = [_voice(language, each) for each in report.voice]
    return [*told, *(f"{each['question']} {each['said']} ({each['response']})" for each in voice)]


def _measure(language: Language, name: str, share: Share, aims: Aims) -> dict[str, str]:
    return {
        "title": title(language, name),
        "counted": _counted(language, share),
        "how": how(language, name, aims),
    }


def _voice(language: Language, each: Voice) -> dict[str, str]:
    response = each.response
    return {
        "question": asked(language, each.question),
        "said": _counted(language, each.share),
        "response": say(language, N_("%(count)s of %(of)s"), count=response.count, of=response.of),
    }


def _counted(language: Language, share: Share) -> str:
    if not share.told or share.of < SMALLEST_GROUP:
        return say(language, N_("too few to show"))
    of = say(language, N_("%(count)s of %(of)s"), count=share.count, of=share.of)
    return f"{of} · {share.percent} %"
