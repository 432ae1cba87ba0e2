"""Hui in reports: held, chosen by the family, with a voice before, next steps by their day; counted again by hand."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import date, timedelta
from typing import Any

from commsbridge import meetings, reports, schools
from commsbridge.reports import Facts, Period, Report, Span, taking
from tests.rooms.gathering import Gathering

FROM, TO = date(2026, 11, 16), date(2026, 12, 11)


def told(gathering: Gathering, last_on: date = TO) -> tuple[Report, Facts, list[dict[str, str]]]:
    """The report with Aroha's facts, and the exported rows."""
    with gathering.work() as work:
        calendar, period = schools.calendar_of(work), Period(Span.DATES, FROM, last_on)
        made = reports.report(work, calendar, period)
        written = "".join(taking.as_csv(reports.HUI, reports.hui_rows(work, calendar, period)))
    child = gathering.posting.story.students["aroha"].id
    rows = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
    return made, next(each.facts for each in made.found if each.facts.id == child), rows


def by_hand(rows: list[dict[str, str]]) -> dict[str, int]:
    hui = [row for row in rows if row["kind"] == "hui"]
    steps = [row for row in rows if row["kind"] == "step"]
    return {
        "hui_held": len(hui),
        "hui_chosen": sum(int(row["times"]) >= 2 and row["unanswered"] == "0" for row in hui),
        "hui_voiced": sum(row["voiced"] == "1" for row in hui),
        "steps_due": len(steps),
        "steps_in_time": sum(bool(row["done_on"]) and row["done_on"] <= row["due_on"] for row in steps),
        "steps_explained": sum(bool(row["explained_on"]) and row["explained_on"] <= row["due_on"] for row in steps),
    }


def end(gathering: Gathering, hui_id: uuid.UUID, step_id: uuid.UUID, *, why_not: str = "") -> None:
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        links = gathering.posting.links
        meetings.end_step(work, hui, step_id, done=not why_not, explained=why_not, links=links)


def of(facts: Facts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in by_hand([])}


def test_a_hui_whose_time_the_family_chose_and_its_step_done_by_its_day_are_counted(gathering: Gathering) -> None:
    hui_id, _, step_id = gathering.hold()
    gathering.posting.clock.forward(days=1)
    end(gathering, hui_id, step_id)
    made, facts, rows = told(gathering)
    assert of(facts) == by_hand(rows)
    assert of(facts) == {
        "hui_held": 1,
        "hui_chosen": 1,
        "hui_voiced": 0,
        "steps_due": 1,
        "steps_in_time": 1,
        "steps_explained": 0,
    }
    assert facts.hui == facts.hui_held
    shares = made.summary.shares
    names = ("hui_chosen", "hui_voiced", "hui_steps")
    assert [(shares[name].count, shares[name].of) for name in names] == [(1, 1), (0, 1), (1, 1)]


def test_a_step_that_was_explained_instead_is_not_counted_as_done_but_among_the_numbers(gathering: Gathering) -> None:
    hui_id, _, step_id = gathering.hold()
    end(gathering, hui_id, step_id, why_not="The bus company has moved.")
    made, facts, rows = told(gathering)
    assert of(facts) == by_hand(rows)
    assert (facts.steps_due, facts.steps_in_time, facts.steps_explained) == (1, 0, 1)
    share = made.summary.shares["hui_steps"]
    assert (share.count, share.of) == (0, 1)


def test_a_step_done_late_or_not_yet_is_not_in_time_and_a_day_that_is_over_stays_the_same(gathering: Gathering) -> None:
    hui_id, _, step_id = gathering.hold()
    gathering.posting.clock.forward(days=4)
    with gathering.work() as work:
        (step,) = meetings.steps_of(work, [hui_id])
        due_on = step.due_on
    before = told(gathering, due_on)[1]
    end(gathering, hui_id, step_id)
    _, facts, rows = told(gathering)
    assert of(facts) == by_hand(rows)
    assert (facts.steps_due, facts.steps_in_time) == (1, 0)
    assert told(gathering, due_on)[1] == before
    assert told(gathering, due_on - timedelta(days=1))[1].steps_due == 0


def test_somebody_the_family_was_not_asked_about_and_words_said_beforehand_are_told(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    gathering.propose(hui_id)
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        contact_id = gathering.posting.story.contacts["ngaire"].id
        meetings.say_for_family(work, hui, "He likes to read to his sister.", contact_id=contact_id)
    gathering.posting.clock.now = gathering.times((3,))[0] + timedelta(minutes=20)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.finish(work, hui)
    _, facts, rows = told(gathering)
    assert of(facts) == by_hand(rows) == {
        "hui_held": 1, "hui_chosen": 0, "hui_voiced": 1, "steps_due": 0, "steps_in_time": 0, "steps_explained": 0,
    }  # fmt: skip
