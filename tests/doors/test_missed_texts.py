"""Texts that the hook never got: the worker fetches them from the carrier's list, and files each exactly once."""

from __future__ import annotations

import threading
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from commsbridge import conversations
from commsbridge.neighbourhood import Rule, Text
from commsbridge.neighbourhood.signatures import twilio_signature
from commsbridge.partnership import Moment
from commsbridge.worker import Worker
from commsbridge.worker.receiving import Receiving
from tests.doors.service import Service

HINE = "+64215550104"
SCHOOL = "4545"
HOOK = "/hooks/twilio/messages"


@pytest.fixture
def missed(service: Service) -> Text:
    """A text of Hine's that the hook was never told of."""
    service.town.misbehave(Rule("miss", on="text_in"))
    told = service.town.text_in(HINE, SCHOOL, "Tino pai, Hēmi! 😊")
    service.town.settle()
    assert service.stored() == 0
    service.town.misbehave()
    return told


def knock_late(service: Service, told: Text) -> int:
    """The hook after all, as the carrier would have sent it; the answer's status."""
    form = {
        "MessageSid": told.sid,
        "SmsSid": told.sid,
        "From": told.sender or "",
        "To": told.to,
        "Body": told.body,
        "NumMedia": "0",
        "NumSegments": str(told.segments),
        "FromCountry": "NZ",
    }
    signature = twilio_signature(
        service.town.arrangement.auth_token, f"{service.runtime.settings.public_url}{HOOK}", form.items()
    )
    answer = service.web.test_client().post(
        HOOK,
        data=urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )
    return answer.status_code


def filed(service: Service) -> list[str]:
    """The words of every reply about Hēmi, and of his timeline's replies as many."""
    with service.story.work() as work:
        found = conversations.replies_about(work, [service.story.students["hemi"].id], waiting=True)
        words = sorted(reply.words for reply, _ in found)
        assert work.session.scalar(text("SELECT count(*) FROM replies")) == len(words)
    assert [moment for moment, _ in service.moments("hemi")].count(Moment.REPLY) == len(words)
    return words


def test_a_worker_fetches_what_was_missed_in_its_own_round_and_files_it_once(service: Service, missed: Text) -> None:
    for worker in (service.worker, Worker(service.runtime, threads=2)):
        worker.run_until_quiet()
        assert filed(service) == [missed.body]
        assert service.stored() == 1


def test_the_hook_that_comes_late_after_all_changes_nothing(service: Service, missed: Text) -> None:
    assert service.worker.receiving.fetch_missed() == 1
    service.worker.run_until_quiet()
    assert knock_late(service, missed) == 200
    service.worker.run_until_quiet()
    assert (filed(service), service.stored()) == ([missed.body], 1)


def test_the_hook_that_comes_between_the_fetching_and_the_filing_changes_nothing(
    service: Service, missed: Text
) -> None:
    assert service.worker.receiving.fetch_missed() == 1
    assert knock_late(service, missed) == 200
    service.worker.run_until_quiet()
    assert (filed(service), service.stored()) == ([missed.body], 1)


def test_what_the_hook_did_get_is_not_fetched_again(service: Service, missed: Text) -> None:
    came = service.town.text_in(HINE, SCHOOL, "Ngā mihi!")
    service.town.settle()
    assert service.stored() == 1
    assert service.worker.receiving.fetch_missed() == 1
    assert service.worker.receiving.fetch_missed() == 0
    service.worker.run_until_quiet()
    assert filed(service) == sorted([missed.body, came.body])


def test_what_the_school_itself_sent_is_not_taken_for_an_answer(service: Service, missed: Text) -> None:
    service.praise("hemi")
    service.carry()
    assert {text.direction for text in service.town.texts()} == {"inbound", "outbound-api"}
    assert (filed(service), service.stored()) == ([missed.body], 1)


def test_two_workers_that_fetch_at_once_file_it_once(service: Service, missed: Text) -> None:
    start, stored = threading.Barrier(2), []

    def fetch(receiving: Receiving) -> None:
        start.wait(60)
        stored.append(receiving.fetch_missed())
        receiving.file()

    both = [threading.Thread(target=fetch, args=(Receiving(service.runtime),)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    service.worker.run_until_quiet()
    assert sorted(stored) == [0, 1]
    assert (filed(service), service.stored()) == ([missed.body], 1)


@pytest.mark.parametrize("do", ["drop_before", "error_before"])
def test_a_list_that_cannot_be_had_is_asked_for_again(service: Service, missed: Text, do: str) -> None:
    service.town.misbehave(Rule(do, on="list"))
    assert service.worker.receiving.fetch_missed() == 0
    service.town.misbehave()
    assert service.worker.receiving.fetch_missed() == 1
    service.worker.run_until_quiet()
    assert filed(service) == [missed.body]


def test_a_stop_that_was_missed_is_honoured_before_anything_more_goes(service: Service) -> None:
    service.praise("hemi")
    service.town.misbehave(Rule("miss", on="text_in"))
    service.town.text_in(HINE, SCHOOL, "STOP")
    service.town.settle()
    assert service.worker.receiving.fetch_missed() == 1
    service.worker.receiving.file()
    service.carry()
    praise = [told.body for told in service.town.texts(to=HINE) if "Hēmi" in told.body]
    assert praise == []
