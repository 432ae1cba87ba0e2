"""The hooks, through the real web application: proven or refused, stored once, and nothing is lost in a fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import structlog
from sqlalchemy import text
from werkzeug.test import TestResponse

from commsbridge import conversations, messages, schools
from commsbridge.conversations import ReplyState
from commsbridge.foundation.database import Database, make_engine
from commsbridge.foundation.migrating import migrate
from commsbridge.local_postgres import LocalPostgres
from commsbridge.messages import State
from commsbridge.neighbourhood import Arrangement
from commsbridge.neighbourhood.faults import Rule
from commsbridge.neighbourhood.sendgrid_hooks import Envelope
from commsbridge.neighbourhood.signatures import twilio_signature
from commsbridge.partnership import Moment
from commsbridge.schools import SenderKind
from tests.conftest import Clock
from tests.doors.conftest import Told
from tests.doors.pages import make_runtime
from tests.doors.service import Service, serving
from tests.story import open_school

NGAIRE, HINE = "+64215550101", "+64215550104"
TEXTS = "/hooks/twilio/messages"


def post_text(
    service: Service,
    body: str,
    sender: str = HINE,
    *,
    sid: str = "SM1",
    to: str = "4545",
    signed_for: str = "http://localhost",
    token: str = "",
    host: str = "http://localhost",
    more: Mapping[str, str] | None = None,
) -> TestResponse:
    """A text as Twilio posts it, signed for ``signed_for`` and sent to ``host``."""
    form = {"MessageSid": sid, "From": sender, "To": to, "Body": body, "NumMedia": "0", **(more or {})}
    key = token or service.town.arrangement.auth_token
    signature = twilio_signature(key, f"{signed_for}{TEXTS}", form.items())
    return service.web.test_client().post(
        TEXTS,
        data=urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
        base_url=host,
    )


def refused(service: Service) -> dict[str, int]:
    with service.runtime.lobby() as lobby:
        return schools.refused_hooks(lobby, service.runtime.now())


# refused


@pytest.mark.parametrize(
    "wrong",
    [{"token": "somebody else's"}, {"signed_for": "https://evil.test"}, {"signed_for": "http://localhost:8000"}],
)
def test_a_text_that_is_not_proven_is_refused_counted_and_not_stored(service: Service, wrong: dict[str, Any]) -> None:
    assert post_text(service, "Ka pai!", **wrong).status_code == 403
    assert service.stored() == 0
    assert refused(service) == {"twilio_messages": 1}


def test_a_text_without_a_signature_is_refused(service: Service) -> None:
    answer = service.web.test_client().post(TEXTS, data={"MessageSid": "SM1", "From": HINE, "To": "4545", "Body": "x"})
    assert answer.status_code == 403
    assert service.stored() == 0


def test_what_was_signed_is_the_public_address_whatever_host_it_came_to(service: Service) -> None:
    assert post_text(service, "Ka pai!", host="http://10.0.0.7:8000").status_code == 200
    assert service.stored() == 1


def test_a_report_that_is_not_proven_changes_nothing(told: Told, postgres: LocalPostgres) -> None:
    with serving(postgres, told.name, told.story, Arrangement(mail_tries=1)) as service:
        service.town.misbehave(Rule("forge"), Rule("forge", on="mail"))
        service.praise()
        service.carry()
        assert set(service.states()) == {"sent"}
        assert set(refused(service)) == {"twilio_status", "sendgrid_events"}


@pytest.mark.parametrize("secret", ["", "wrong", "pretend-inbound-secre", "pretend-inbound-secret2"])
def test_a_mail_through_a_wrong_door_is_refused_and_not_stored(service: Service, secret: str) -> None:
    answer = service.web.test_client().post(f"/hooks/sendgrid/inbound/{secret}", data={"email": "From: a@b.test\n\nx"})
    assert answer.status_code in {403, 404}
    assert service.stored() == 0
    assert refused(service) == ({"sendgrid_inbound": 1} if secret else {})


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b'[{"event":"delivered"}]'])
def test_events_that_are_not_proven_are_refused_whatever_they_hold(service: Service, body: bytes) -> None:
    answer = service.web.test_client().post("/hooks/sendgrid/events", data=body, content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize("path", [TEXTS, "/hooks/twilio/status/x", "/hooks/sendgrid/events"])
def test_a_hook_is_only_posted_to(service: Service, path: str) -> None:
    assert service.web.test_client().get(path).status_code == 405


# stored once


def test_a_proven_text_is_stored_whole_and_answered_with_an_empty_response(service: Service) -> None:
    answer = post_text(service, "Ka pai!")
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/xml", "<Response/>")
    with service.runtime.lobby(ingest=True) as ingest:
        (raw_id,) = conversations.waiting_raw(ingest)
        raw = conversations.raw_request(ingest, raw_id)
    assert raw is not None
    assert (raw.school_id, b"Body=Ka+pai%21" in raw.body) == (service.story.school_id, True)


def test_a_text_that_comes_twice_changes_nothing_the_second_time(service: Service) -> None:
    for body in ("Ka pai!", "Ka pai!", "another body, the same message"):
        assert post_text(service, body).status_code == 200
    service.carry()
    assert post_text(service, "Ka pai!").status_code == 200
    service.carry()
    assert service.stored() == 1
    assert [moment for moment, _ in service.moments("hemi")] == [Moment.REPLY]


@pytest.mark.parametrize("do", ["double", "reverse", "early"])
def test_reports_that_come_twice_in_reverse_or_too_early_end_the_same(service: Service, do: str) -> None:
    service.town.misbehave(Rule(do), Rule(do, on="mail"))
    service.praise()
    service.carry()
    assert set(service.states()) == {"delivered"}
    (praise,) = (later for moment, later in service.moments("aroha") if moment is Moment.PRAISE)
    assert praise.count(Moment.ARRIVED) == 2


def test_a_report_about_a_message_that_is_not_ours_changes_nothing(service: Service) -> None:
    service.praise()
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    for token in ("x", service.runtime.links.token("reply", 1, service.story.school_id)):
        path = f"/hooks/twilio/status/{token}"
        signature = twilio_signature(service.town.arrangement.auth_token, f"http://localhost{path}", form.items())
        headers = {"X-Twilio-Signature": signature}
        assert service.web.test_client().post(path, data=form, headers=headers).status_code == 204
    assert "delivered" not in service.states()


def test_a_mail_that_comes_twice_is_filed_once(service: Service) -> None:
    service.praise()
    service.carry()
    service.town.misbehave(Rule("double", on="mail_in"))
    service.town.reply(service.town.mailbox("dave.kereama@homes.test").letters[-1], "So proud!")
    service.carry()
    assert service.stored() == 1
    assert [moment for moment, _ in service.moments("aroha")].count(Moment.REPLY) == 1


# whatever it holds


@pytest.mark.parametrize("body", ["", "ā" * 1600, "👨‍👩‍👧 أهلا", "a\0b", "%00%", "<script>alert(1)</script>", "=&+"])
def test_any_text_is_taken(service: Service, body: str) -> None:
    assert post_text(service, body).status_code == 200
    service.carry()
    with service.story.work() as work:
        ((reply, _),) = conversations.replies_about(work, [service.story.students["hemi"].id], waiting=True)
    assert reply.words == body.replace("\0", "").strip()


def test_a_mail_of_two_megabytes_is_taken_whole(service: Service) -> None:
    service.praise()
    service.carry()
    letter = service.town.mailbox("dave.kereama@homes.test").letters[-1]
    words = "So proud of her!\n" + "and again\n" * 200_000
    service.town.reply(letter, words)
    service.carry()
    assert service.town.knocks()[-1].taken
    with service.story.work() as work:
        ((reply, _),) = conversations.replies_about(work, [service.story.students["aroha"].id], waiting=True)
    assert reply.words.startswith("So proud of her!")
    assert len(reply.original) > 2_000_000


def test_a_request_that_cannot_be_read_does_not_stop_the_next(service: Service) -> None:
    with service.runtime.lobby(ingest=True) as ingest:
        conversations.store_raw(
            ingest,
            carrier="twilio",
            carrier_key="SM0",
            content_type="x",
            body=b"Body=who\xff",
            school_id=service.story.school_id,
        )
    assert post_text(service, "Ka pai!").status_code == 200
    service.carry()
    assert [moment for moment, _ in service.moments("hemi")] == [Moment.REPLY]
    with service.runtime.lobby(ingest=True) as ingest:
        assert (conversations.untaken(ingest), conversations.waiting_raw(ingest)) == (1, [])


# whose


def test_a_text_to_a_number_that_is_no_schools_stays_and_is_counted(service: Service) -> None:
    assert post_text(service, "Hello?", to="9999").status_code == 200
    service.carry()
    with service.runtime.lobby(ingest=True) as ingest:
        assert (conversations.untaken(ingest), conversations.waiting_raw(ingest)) == (1, [])


def test_on_a_shared_number_the_answer_goes_to_the_school_that_wrote_last_and_stop_holds_in_each(
    service: Service,
) -> None:
    other = open_school(
        service.runtime, name="Kowhai School", domain="kowhai.test", short_code="4646", mail_from="k@kowhai.test"
    )
    with service.runtime.lobby() as lobby:
        shared = schools.add_sender(lobby, kind=SenderKind.STANDARD, address="4747", shared=True, rate=99, burst=99)
        for school_id in (service.story.school_id, other.school_id):
            schools.give_sender(lobby, school_id, shared.id)
    with other.work() as work:
        schools.set_quiet_hours(work, quiet_from=time(), quiet_until=time())
    service.praise("wi", by="fox")
    service.carry()
    with other.work("fox") as work:
        draft = messages.Draft(words="Ka pai, Wī!")
        messages.send_praise(work, other.students["wi"], draft, links=service.runtime.links)
    service.carry()
    post_text(service, "Ka pai!", NGAIRE, to="4747")
    service.carry()
    assert Moment.REPLY not in {moment for moment, _ in service.moments("wi")}
    with other.work() as work:
        ((reply, _),) = conversations.replies_about(work, [other.students["wi"].id], waiting=True)
    assert reply.words == "Ka pai!"
    waiting = service.praise("wi", by="fox")
    post_text(service, "STOP", NGAIRE, to="4747", sid="SM2")
    service.worker.receiving.file()
    with service.story.work() as work:
        told = messages.written(work, [waiting])[waiting]
        assert {each.state for each in told.deliveries if each.address == NGAIRE} == {State.CANCELLED}
    with other.work("fox") as work:
        draft = messages.Draft(words="Ka pai again!")
        shown = messages.preview_praise(work, other.students["wi"], draft, links=service.runtime.links)
        assert {each.recipient.name: each.why for each in shown}["Ngaire Kereama"] == "stopped"


def test_a_reply_address_says_which_school_a_mail_is_for_though_another_is_written_to_as_well(service: Service) -> None:
    other = open_school(
        service.runtime, name="Kowhai School", domain="kowhai.test", short_code="4646", mail_from="k@kowhai.test"
    )
    message_id = service.praise()
    service.carry()
    letter = service.town.mailbox("dave.kereama@homes.test").letters[-1]
    with service.story.work() as work:
        told = messages.written(work, [message_id])[message_id]
        (delivery,) = (each for each in told.deliveries if each.channel == "email")
        number = schools.school_of(work).number
    reply_to = service.runtime.links.reply_address(number, delivery.id)
    envelope = Envelope(letter.to, ("k@kowhai.test", reply_to))
    service.town.mail_in(letter.to, reply_to, "Re: Good news", "So proud!", envelope=envelope)
    service.carry()
    assert [moment for moment, _ in service.moments("aroha")].count(Moment.REPLY) == 1
    with other.work() as work:
        assert conversations.parked(work) == []


# what a hook refused, and what is said of it


def test_a_text_that_was_refused_for_a_wrong_public_address_is_not_lost(service: Service) -> None:
    service.town.misbehave(Rule("forge", on="text_in"))
    service.town.text_in(HINE, "4545", "Ka pai!")
    service.carry()
    assert refused(service) == {"twilio_messages": 1}
    assert service.worker.receiving.fetch_missed() + service.stored() >= 1
    service.carry()
    assert [moment for moment, _ in service.moments("hemi")] == [Moment.REPLY]


PERSONAL = (
    *("Ngaire", "Kereama", "Dave", "Hine", "Parata", "Aroha", "Hēmi", "Walsh", "Mere", "Rimu Road"),
    *("5550101", "5550104", "homes.test", "rimu.test", "45454", "wahanga", "proud", "pānui"),
)


def test_no_line_of_the_log_names_anybody_or_their_words_all_the_way_out_and_back(service: Service) -> None:
    with structlog.testing.capture_logs() as lines:
        service.praise(words="He wahanga o te pānui.")
        service.carry()
        service.town.text_in(NGAIRE, "4545", "So proud of Aroha")
        service.town.text_in("+64215559999", "4545", "So proud of whoever")
        service.town.reply(service.town.mailbox("dave.kereama@homes.test").letters[-1], "So proud!")
        service.carry()
        post_text(service, "So proud", token="somebody else's")
    assert {line["event"] for line in lines} >= {
        "web.answered",
        "delivery.handed_over",
        "receipt.taken",
        "inbound.taken",
        "hook.refused",
    }
    told = "\n".join(map(str, lines))
    assert [word for word in PERSONAL if word in told] == []
    routes = {line["route"] for line in lines if line["event"] == "web.answered"}
    assert routes >= {"/hooks/twilio/status/<token>", "/hooks/sendgrid/inbound/<secret>", TEXTS}
    assert service.town.arrangement.inbound_secret not in told


@pytest.mark.slow
@pytest.mark.fault
def test_while_the_database_is_away_nothing_is_acknowledged_and_nothing_lost(tmp_path: Path) -> None:
    with LocalPostgres(tmp_path / "postgres", durable=False) as server:
        server.create_database("kura")
        migrate(server.url("commsbridge_owner", "kura"))
        database = Database(
            make_engine(server.url("commsbridge_app", "kura")),
            make_engine(server.url("commsbridge_carrier", "kura")),
        )
        story = open_school(make_runtime(database, Clock()))
        database.dispose()
        with serving(server, "kura", story) as service:
            service.praise()
            service.carry()
            letter = service.town.mailbox("dave.kereama@homes.test").letters[-1]
            server.stop()
            assert post_text(service, "Ka pai!").status_code == 503
            service.town.reply(letter, "So proud!")
            assert service.web.test_client().get("/readyz").status_code == 503
            assert service.web.test_client().get("/healthz").status_code == 200
            server.start()
            service.town.settle(30)
            assert post_text(service, "Ka pai!").status_code == 200
            service.carry()
            assert [moment for moment, _ in service.moments("hemi")] == [Moment.REPLY]
            assert [moment for moment, _ in service.moments("aroha")].count(Moment.REPLY) == 1
            with service.story.work() as work:
                states = work.session.scalars(text("SELECT state FROM replies")).all()
            assert set(states) == {ReplyState.FILED}
