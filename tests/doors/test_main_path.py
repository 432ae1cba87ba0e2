"""The main path whole: praise leaves in each contact's way and language, arrives, is answered, stands in the log."""

from __future__ import annotations

from commsbridge import conversations, partnership
from commsbridge.partnership import Moment
from tests.doors.service import Service


def test_her_kuia_gets_the_text_in_te_reo_with_its_macrons_and_her_father_an_english_email(service: Service) -> None:
    service.praise()
    service.carry()
    welcome, praise = service.town.phone("+64215550101").texts
    assert welcome.body.startswith("Rimu Road School: Kia ora Ngaire.")
    assert "ā" in praise.body
    assert "Aroha" in praise.body
    assert praise.body.endswith("Reply to this SMS will be charged")
    subjects = [letter.subject for letter in service.town.mailbox("dave.kereama@homes.test").letters]
    assert subjects == ["Rimu Road School: Welcome: good news about Aroha", "Rimu Road School: Good news about Aroha"]


def test_what_arrived_is_told_to_the_log_for_each_contact(service: Service) -> None:
    service.praise()
    service.carry()
    told = dict(service.moments("aroha"))
    assert told[Moment.PRAISE].count(Moment.ARRIVED) == 2
    assert set(told[Moment.PRAISE]) <= {Moment.SENT, Moment.ARRIVED}
    with service.story.work() as work:
        assert service.story.students["aroha"].id in partnership.good_news_reached(work)


def test_her_kuias_answer_by_text_stands_in_the_log(service: Service) -> None:
    service.praise()
    service.carry()
    service.town.text_in("+64215550101", "4545", "Ka pai Aroha! Tino harikoa mātou 😊")
    service.carry()
    assert service.moments("aroha")[0][0] is Moment.REPLY
    with service.story.work() as work:
        found = partnership.timeline(work, service.story.students["aroha"].id, search="harikoa matou")
        assert [Moment(each.line.moment) for each in found] == [Moment.REPLY]


def test_her_fathers_answer_by_email_is_filed_without_the_letter_it_answers(service: Service) -> None:
    service.praise()
    service.carry()
    letter = service.town.mailbox("dave.kereama@homes.test").letters[-1]
    service.town.reply(letter, "So proud of her, thank you!")
    service.carry()
    with service.story.work() as work:
        reply, _about = conversations.replies_about(work, [service.story.students["aroha"].id], waiting=True)[0]
        assert reply.words == "So proud of her, thank you!"
        assert "> Kia ora Dave," in reply.original
