"""What the service writes into its log: routes and places, never people, numbers, addresses or words."""

from __future__ import annotations

import uuid
from collections import defaultdict

import pytest
import structlog
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from commsbridge.foundation.database import make_engine
from commsbridge.local_postgres import LocalPostgres
from commsbridge.messages import Delivery
from commsbridge.neighbourhood import Arrangement, Rule
from commsbridge.runtime import Runtime
from commsbridge.web import make_web
from commsbridge.web.access import OPEN
from tests.doors.conftest import SignIn, Told
from tests.doors.pages import PASSWORD, Visitor
from tests.doors.routes import WORDS, access_of
from tests.doors.service import serving
from tests.story import CONTACTS, STAFF, STUDENTS, WHY_LIMITED, Story


def told_of(story: Story) -> set[str]:
    """Everything personal in the story: names and their parts, numbers, addresses, words, passwords."""
    names = {name for name, *_ in CONTACTS.values()} | {name for name, *_ in STAFF.values()}
    names |= {name for _, name, *_ in STUDENTS.values()}
    found = {part for name in names for part in (name, *name.split())}
    for _, _, ways, _ in CONTACTS.values():
        for _, address in ways:
            found |= (
                {address, address.replace(" ", ""), address.replace(" ", "").removeprefix("0")} if address else set()
            )
    return found | {"rimu.test", "@", PASSWORD, WORDS, "ngākau", WHY_LIMITED, str(story.school_id)}


def test_no_line_of_the_log_names_anybody_or_their_words(
    web: Flask,
    sign_in: SignIn,
    story: Story,
    ids: dict[str, uuid.UUID],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with structlog.testing.capture_logs() as lines:
        walsh, jan = sign_in("walsh"), sign_in("jan")
        aroha = f"/students/{ids['student_id']}"
        walsh.open("/today")
        walsh.open("/students", q="Aroha")
        walsh.open("/students", q="+64215550101")
        form = walsh.open(f"{aroha}/praise").form(f"{aroha}/praise")
        assert walsh.send(form, ("act", "send"), own_words=WORDS).status == 302
        walsh.follow()
        form = walsh.open(aroha).form(f"{aroha}/log")
        assert walsh.send(form, words=WORDS, kind="gate").status == 302
        assert walsh.open(f"/students/{story.students['pare'].id}").status == 404
        assert walsh.open("/Aroha/Kereama").status == 404
        assert walsh.open(f"/contacts/{ids['contact_id']}").status == 403
        assert jan.open(f"/contacts/{ids['contact_id']}").status == 200
        form = jan.open("/sign-in").form("/sign-in", having="password")
        assert jan.send(form, email="jan@rimu.test", password=f"not {PASSWORD}").status == 403
        jan.post(f"{aroha}/log", {"words": WORDS})
    answers = [line for line in lines if line["event"] == "web.answered"]
    assert len(answers) > 15
    printed = capsys.readouterr()
    everything = "\n".join((*map(str, lines), printed.out, printed.err, caplog.text))
    assert [word for word in told_of(story) if word in everything] == []
    assert [key for key, each in ids.items() if str(each) in everything] == []
    assert {(line["route"], line["status"]) for line in answers} >= {
        ("/students/<uuid:student_id>", 200),
        ("/students/<uuid:student_id>", 404),
        ("/students/<uuid:student_id>/log", 302),
        ("/contacts/<uuid:contact_id>", 403),
        ("None", 404),
    }
    assert all(set(line) == {"event", "log_level", "route", "method", "status", "ms"} for line in answers)


def test_a_bug_is_noted_by_its_place_and_never_by_what_it_says(runtime: Runtime) -> None:
    web = make_web(runtime)

    def broken(name: str) -> str:
        raise ValueError(f"{name}: {WORDS}")

    web.add_url_rule("/planted/<name>", "planted", broken)
    access_of(web)["planted"] = OPEN
    with structlog.testing.capture_logs() as lines:
        page = Visitor(web.test_client()).open("/planted/Aroha")
    assert page.status == 500
    assert "ngākau" not in page.response.text
    [noted] = [line for line in lines if line["event"] == "web.bug"]
    assert noted["kind"] == "ValueError"
    assert noted["where"].startswith("test_logs.py:")
    assert "ngākau" not in str(lines)
    assert "Aroha" not in str(lines)


def test_a_delivery_is_followed_through_the_log_by_its_id_alone(told: Told, postgres: LocalPostgres) -> None:
    """Praise by text and mail, a doubt, a refusal, reports and an answer: every step is there, and nobody's words."""
    with (
        structlog.testing.capture_logs() as lines,
        serving(postgres, told.name, told.story, Arrangement(step_gap=0.05)) as service,
    ):
        service.town.misbehave(
            Rule("drop_after", times=1), Rule("silent", times=1), Rule("refuse", code=21211, to="+64215550101")
        )
        for child in ("hemi", "aroha"):
            service.praise(child, words=WORDS)
        service.carry()
        service.worker.carrying.settle_doubts(older_than=-1.0)
        service.carry()
        service.town.text_in("+64215550104", "4545", f"Ngā mihi! {WORDS}")
        service.carry()
        with service.story.work() as work:
            tried = work.session.scalars(select(Delivery.id).where(Delivery.attempt > 0)).all()
    everything = "\n".join(map(str, lines))
    assert [word for word in told_of(told.story) - {str(told.story.school_id)} if word in everything] == []
    followed: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if "delivery" in line:
            followed[line["delivery"]].add(line["event"])
    assert followed.keys() == set(map(str, tried))
    assert all("delivery.handed_over" in events for events in followed.values())
    assert any(events >= {"delivery.handed_over", "doubt.settled"} for events in followed.values())
    assert any(events >= {"delivery.handed_over", "receipt.taken"} for events in followed.values())
    assert any(line["event"] == "inbound.taken" for line in lines)


def test_an_error_of_the_database_does_not_quote_what_it_was_given(told: Told) -> None:
    engine = make_engine(told.url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="division by zero") as failed:
        connection.execute(text("SELECT 1 / (length(:words) - length(:words))"), {"words": WORDS})
    engine.dispose()
    assert WORDS not in str(failed.value)
