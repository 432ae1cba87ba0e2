"""Whānau voice in figures: counted again from the export, told to nobody too early, and never of too few."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import text

from commsbridge import messages, pulse, reports, schools
from commsbridge.foundation.language import Language
from commsbridge.reports import Period, Report, Span, Voice
from commsbridge.whanau import Asked
from tests.rooms.posting import Posting

TERM_ON, CLOSES_ON = date(2026, 10, 12), date(2026, 11, 27)
AFTER = CLOSES_ON + timedelta(days=1)
ANSWERS = {"mi": [1, 0, 2, 4], "en": [0, 1, 3, 3], "both": [0, 0, 1, 1]}
COUNTS = st.lists(st.integers(0, 9), min_size=4, max_size=4)


def read(voices: tuple[Voice, ...]) -> list[dict[str, str]]:
    written = "".join(reports.taking.as_csv(reports.VOICE, reports.voice_rows(voices)))
    return list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))


@pytest.fixture
def answered(posting: Posting) -> Posting:
    """A round whose first question sixteen answered, and the second four."""
    story = posting.story
    posting.praise("hemi")
    with story.work() as work:
        delivery_id = work.session.scalar(text("SELECT id FROM deliveries ORDER BY id LIMIT 1"))
        round_id = work.session.scalar(
            text(
                "INSERT INTO pulse_rounds (term_on, first, second, went_at, closes_on) "
                "VALUES (:term, 'leadership', 'valued', :went, :closes) RETURNING id"
            ),
            {"term": TERM_ON, "went": datetime(2026, 11, 13, 3, tzinfo=UTC), "closes": CLOSES_ON},
        )
        for contact in story.contacts.values():
            work.session.execute(
                text(
                    "INSERT INTO pulse_asks (round_id, contact_id, delivery_id, address, asked_at, first_done) "
                    "VALUES (:round, :contact, :delivery, '+64', now(), true)"
                ),
                {"round": round_id, "contact": contact.id, "delivery": delivery_id},
            )
        for language, scores in ANSWERS.items():
            for score, count in enumerate(scores, start=1):
                for _ in range(count):
                    add_answer(work, round_id, "leadership", score, language)
        for score in (1, 2, 3, 4):
            add_answer(work, round_id, "valued", score, "en")
    return posting


def add_answer(work: Any, round_id: Any, question: str, score: int, language: str) -> None:
    work.session.execute(
        text("INSERT INTO pulse_answers (round_id, question, score, language) VALUES (:r, :q, :s, :l)"),
        {"r": round_id, "q": question, "s": score, "l": language},
    )


def told(posting: Posting, first_on: date, last_on: date) -> Report:
    with posting.story.work("burns") as work:
        calendar = schools.calendar_of(work)
        return reports.with_voice(work, reports.report(work, calendar, Period(Span.DATES, first_on, last_on)))


def of_question(rows: list[dict[str, str]], question: str, language: str = "") -> dict[str, int]:
    """How many gave each score, from the rows of the export."""
    wanted = (row for row in rows if (row["question"], row["language"]) == (question, language))
    return {row["score"]: int(row["answers"]) for row in wanted if row["answers"]}


def test_plain_python_over_the_exported_rows_equals_what_is_told(answered: Posting) -> None:
    found = told(answered, TERM_ON, AFTER).voice
    rows = read(found)
    [leadership, valued] = found
    scores = of_question(rows, "leadership")
    agree, given = scores["3"] + scores["4"], sum(scores.values())
    share = leadership.share
    assert (share.count, share.of, share.percent) == (agree, given, round(100 * agree / given))
    assert (agree, given) == (14, 16)
    exported = {(int(row["answered"]), int(row["asked"])) for row in rows if row["question"] == "leadership"}
    assert exported == {(leadership.response.count, leadership.response.of)}
    for language, share in leadership.languages.items():
        theirs = of_question(rows, "leadership", language)
        assert bool(theirs) is share.told
        assert not theirs or (share.count, share.of) == (theirs["3"] + theirs["4"], sum(theirs.values()))
    assert [row["score"] for row in rows if row["question"] == "valued"] == [""]
    assert (valued.scores, valued.share.told, valued.answered) == ((), False, 4)


def test_a_small_language_and_the_next_smallest_are_not_told(answered: Posting) -> None:
    [leadership, _] = told(answered, TERM_ON, AFTER).voice
    assert {name for name, share in leadership.languages.items() if share.told} == {"mi"}


@given(st.dictionaries(st.sampled_from(["mi", "en", "both", "other"]), COUNTS, max_size=4))
def test_fewer_than_five_answers_can_neither_be_read_nor_worked_out(answers: dict[str, list[int]]) -> None:
    found = reports.voice("trust", TERM_ON, CLOSES_ON, 99, answers)
    rows = read((found,))
    if found.answered < reports.SMALLEST_GROUP:
        assert {row["answers"] for row in rows} == {""}
        return
    by_language = {row["language"] for row in rows} - {""}
    hidden = {name for name, scores in answers.items() if sum(scores)} - by_language
    assert all(sum(answers[name]) >= reports.SMALLEST_GROUP for name in by_language)
    assert len(hidden) != 1 or sum(sum(answers[name]) for name in hidden) >= reports.SMALLEST_GROUP


def test_nothing_is_told_before_the_last_day_is_over_and_then_in_one_period_alone(answered: Posting) -> None:
    assert told(answered, TERM_ON, CLOSES_ON).voice == ()
    assert {each.told_on for each in told(answered, AFTER, AFTER).voice} == {AFTER}
    assert told(answered, AFTER + timedelta(days=1), AFTER + timedelta(days=30)).voice == ()


def test_every_file_says_the_same(answered: Posting) -> None:
    made = told(answered, TERM_ON, AFTER)
    as_json = json.loads(reports.taking.as_json(made))["voice"]
    assert [(each["question"], each["agree"], each["answered"]) for each in as_json] == [
        ("leadership", 14, 16),
        ("valued", None, 4),
    ]
    book = load_workbook(io.BytesIO(reports.taking.as_xlsx(made, Language.EN)), read_only=True)
    [head, first, second] = book["Whānau voice"].iter_rows(values_only=True)
    assert head[1:4] == ("Mostly or yes", "Answered", "Asked")
    assert first[1:3] == (14, 16)
    assert (second[1] or "", second[2]) == ("", 4)
    unsaid = replace(made, voice=())
    with_it, without = (
        reports.on_paper(each, Language.MI, school="x", period="y", made_at=answered.clock(), waiting=[], rooms={})
        for each in (made, unsaid)
    )
    assert with_it.count(b"/S/Table") == without.count(b"/S/Table") + 1


def test_what_was_asked_and_said_by_text_is_what_is_told(posting: Posting) -> None:
    posting.clock.now = datetime(2026, 10, 19, 21, tzinfo=UTC)
    with posting.story.work("burns") as work:
        pulse.begin(work)
        for who in ("hine", "dave"):
            messages.set_wishes(work, posting.story.contacts[who].id, Asked(questions=True), evidence="staff")
        going = pulse.standing_of(work).going
    assert going is not None
    posting.clock.now = going.at
    with posting.story.work() as work:
        assert pulse.send_due(work, links=posting.links) == 2
    with posting.story.work() as work:
        assert pulse.answer(work, posting.story.contacts["hine"].id, {"leadership": 4})
    after = going.closes_on + timedelta(days=1)
    [first, second] = told(posting, after, after).voice
    assert (first.asked, first.answered, second.answered) == (1, 1, 0)  # Dave's mail has not left
