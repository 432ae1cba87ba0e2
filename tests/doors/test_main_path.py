"""The main path whole: praise leaves in each contact's way and language, arrives, is answered, and stands in the log."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from commsbridge import conversations, messages, partnership, schools
from commsbridge.app import make_gateways
from commsbridge.foundation.database import Database
from commsbridge.messages import Draft
from commsbridge.neighbourhood import Neighbourhood
from commsbridge.partnership import Moment
from commsbridge.runtime import Runtime
from commsbridge.web import make_web
from commsbridge.worker import Worker
from tests.conftest import RoleUrls
from tests.doors.pages import make_settings
from tests.story import Story, open_school

# The clock of rules runs behind the database's, so that the ten seconds to undo are over when the outbox looks.
BEHIND = timedelta(seconds=15)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        return


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@dataclass(frozen=True)
class Service:
    """The service whole, over a database of its own, with the pretend carrier as its only neighbour."""

    story: Story
    town: Neighbourhood
    worker: Worker
    runtime: Runtime

    def carry(self) -> None:
        """Let the worker and the carrier's hooks run until nothing moves."""
        for _ in range(3):
            self.worker.run_until_quiet()
            self.town.settle()
        self.worker.run_until_quiet()

    def moments(self, child: str) -> list[tuple[Moment, list[Moment]]]:
        with self.story.work() as work:
            entries = partnership.timeline(work, self.story.students[child].id)
            return [(Moment(each.line.moment), [Moment(line.moment) for line in each.later]) for each in entries]


@pytest.fixture
def service(role_urls: RoleUrls, committed_database: Database) -> Iterator[Service]:
    """Web, worker and carrier in one process; the clock is the real one, as the outbox's is the database's."""
    with Neighbourhood() as town:
        arrangement = town.arrangement
        settings = make_settings(
            database_url=role_urls.app,
            migrate_database_url=role_urls.owner,
            carrier_database_url=role_urls.carrier,
            twilio_account_sid=arrangement.account_sid,
            twilio_auth_token=arrangement.auth_token,
            twilio_base_url=town.url,
            sendgrid_api_key=arrangement.sendgrid_key,
            sendgrid_base_url=town.url,
            sendgrid_event_public_key=town.event_public_key,
            inbound_email_secret=arrangement.inbound_secret,
        )
        runtime = Runtime(settings, committed_database, make_gateways(settings), lambda: datetime.now(UTC) - BEHIND)
        web = make_web(runtime)
        with make_server("127.0.0.1", 0, web, server_class=_Threaded, handler_class=_Quiet) as server:
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            town.points_to(settings.public_url, f"http://127.0.0.1:{server.server_port}")
            story = open_school(runtime)
            with story.work() as work:
                schools.set_quiet_hours(work, quiet_from=time(), quiet_until=time())
            yield Service(story, town, Worker(runtime, threads=8), runtime)
            server.shutdown()
            thread.join()


def praise_aroha(service: Service, words: str = "") -> None:
    with service.story.work("walsh") as work:
        phrase = None if words else messages.offered_phrases(work, service.story.students["aroha"])[0]
        draft = Draft(phrase_id=phrase.id if phrase else None, words=words)
        messages.send_praise(work, service.story.students["aroha"], draft, links=service.runtime.links)


def test_her_kuia_gets_the_text_in_te_reo_with_its_macrons_and_her_father_an_english_email(service: Service) -> None:
    praise_aroha(service)
    service.carry()
    welcome, praise = service.town.phone("+64215550101").texts
    assert welcome.body.startswith("Rimu Road School: Kia ora Ngaire.")
    assert "ā" in praise.body
    assert "Aroha" in praise.body
    assert praise.body.endswith("Reply to this SMS will be charged")
    subjects = [letter.subject for letter in service.town.mailbox("dave.kereama@homes.test").letters]
    assert subjects == ["Rimu Road School: Welcome: good news about Aroha", "Rimu Road School: Good news about Aroha"]


def test_what_arrived_is_told_to_the_log_for_each_contact(service: Service) -> None:
    praise_aroha(service)
    service.carry()
    told = dict(service.moments("aroha"))
    assert told[Moment.PRAISE].count(Moment.ARRIVED) == 2
    assert set(told[Moment.PRAISE]) <= {Moment.SENT, Moment.ARRIVED}
    with service.story.work() as work:
        assert service.story.students["aroha"].id in partnership.good_news_reached(work)


def test_her_kuias_answer_by_text_stands_in_the_log(service: Service) -> None:
    praise_aroha(service)
    service.carry()
    service.town.text_in("+64215550101", "4545", "Ka pai Aroha! Tino harikoa mātou 😊")
    service.carry()
    assert service.moments("aroha")[0][0] is Moment.REPLY
    with service.story.work() as work:
        found = partnership.timeline(work, service.story.students["aroha"].id, search="harikoa matou")
        assert [Moment(each.line.moment) for each in found] == [Moment.REPLY]


def test_her_fathers_answer_by_email_is_filed_without_the_letter_it_answers(service: Service) -> None:
    praise_aroha(service)
    service.carry()
    letter = service.town.mailbox("dave.kereama@homes.test").letters[-1]
    service.town.reply(letter, "So proud of her, thank you!")
    service.carry()
    with service.story.work() as work:
        reply, _about = conversations.replies_about(work, [service.story.students["aroha"].id], waiting=True)[0]
        assert reply.words == "So proud of her, thank you!"
        assert "> Kia ora Dave," in reply.original
