"""The demo's school: believable, whole, in order, and the same for the same seed."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from commsbridge import (
    books,
    conversations,
    meetings,
    messages,
    partnership,
    plans,
    pulse,
    reports,
    schools,
    specialists,
    students,
    support,
    tasks,
    whanau,
)
from commsbridge.app import make_runtime
from commsbridge.demo import PASSWORD, StoryClock, listen_at, people, seed_small_school, serving, stories
from commsbridge.demo.history import HISTORY_DAYS, Story, happenings
from commsbridge.demo.past import Past
from commsbridge.foundation.language import Language
from commsbridge.foundation.work import Work
from commsbridge.local_postgres import LocalPostgres
from commsbridge.meetings import Helped, HuiState, Welcome, Whose
from commsbridge.messages import Delivery, Message, MessageKind, Phrase, State, Why
from commsbridge.messages.gateways import Cause
from commsbridge.neighbourhood import Arrangement, Neighbourhood, PhoneState
from commsbridge.partnership import Line, Moment
from commsbridge.reports import Period, Span
from commsbridge.schools import Role
from commsbridge.support import SupportState
from commsbridge.tasks import TaskKind
from commsbridge.web import make_web
from commsbridge.whanau import Channel
from tests.rooms.demo_life import TODAY, URL, ZONE, Lived, deliveries_to, settings


@pytest.fixture(scope="module")
def lived(postgres: LocalPostgres, template: str) -> Iterator[Lived]:
    name = f"commsbridge_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=template)
    story = StoryClock(TODAY)
    with ExitStack() as house:
        town = house.enter_context(Neighbourhood(Arrangement(public_url=URL, reports=False), now=story))
        runtime = replace(make_runtime(settings(postgres, name, town)), now=story)
        house.callback(postgres.drop_database, name)
        house.callback(runtime.database.dispose)
        held = house.enter_context(closing(listen_at(0)))
        town.points_to(URL, house.enter_context(serving(make_web(runtime), held)))
        told: list[str] = []
        small = seed_small_school(runtime, town, story, tell=told.append)
        yield Lived(runtime, town, small, told)


@pytest.fixture
def work(lived: Lived) -> Iterator[Work]:
    with lived.runtime.work(lived.small.school_id) as work:
        yield work


def test_the_classes_are_as_full_as_they_should_be(lived: Lived, work: Work) -> None:
    found = students.classes_by_student(work, schools.today(work))
    sizes = Counter(class_.name for classes in found.values() for class_ in classes)
    assert sizes == people.SIZES
    assert len(lived.small.students) == sum(people.SIZES.values())


def test_the_clock_stands_again_where_it_stood(lived: Lived) -> None:
    assert lived.runtime.now() == TODAY
    assert lived.told[-1] == "School week 5 of 5 has passed"


def test_the_kuia_got_te_reo_with_its_macrons_and_the_father_english_mail(lived: Lived) -> None:
    texts = [text.body for text in lived.town.phone(people.mobile(1)).received]
    assert "Rimu Road School: He tino pai te pātai a Aroha i tēnei rā.\nNā Ms Walsh" in texts
    letters = lived.town.mailbox("dan.ellis@mail.test").received
    assert any("Aroha asked a great question today." in letter.text for letter in letters)
    assert not any("pātai" in letter.text for letter in letters)


def test_the_first_message_anybody_got_is_the_welcome(lived: Lived, work: Work) -> None:
    contacts = select(Delivery).where(Delivery.channel == Channel.TEXT, Delivery.state == State.DELIVERED)
    numbers = {each.address or "" for each in work.session.scalars(contacts)} - {stories.STRANGER}
    assert len(numbers) > 20
    for number in numbers:
        first = lived.town.phone(number).texts[0]
        kinds = select(Message.kind).join(Delivery, Delivery.message_id == Message.id)
        assert work.session.scalar(kinds.where(Delivery.carrier_id == first.sid)) == MessageKind.WELCOME


def test_what_lies_in_the_phones_bears_the_dates_of_the_history(lived: Lived) -> None:
    at = [text.created_at.astimezone(ZONE) for text in lived.town.texts()]
    assert len(at) > 100
    assert max(at) < TODAY
    assert min(at) > TODAY - timedelta(days=60)
    outbound = [text.created_at.astimezone(ZONE) for text in lived.town.texts() if text.direction == "outbound-api"]
    assert all(moment.weekday() < 5 for moment in outbound)


def test_nothing_is_left_waiting_that_should_have_gone(work: Work) -> None:
    states = Counter(work.session.scalars(select(Delivery.state)))
    assert states[State.QUEUED] == states[State.SENDING] == states[State.UNCERTAIN] == 0
    assert states[State.DELIVERED] > 150
    assert states[State.FAILED] == 1


def test_the_log_knows_of_every_delivery_how_far_it_came(work: Work) -> None:
    assert not work.session.scalars(select(Delivery.id).where(Delivery.logged_state != Delivery.state)).all()


def test_nothing_in_the_log_lies_in_the_future(work: Work) -> None:
    assert max(work.session.scalars(select(Line.at))) < TODAY


def test_no_child_heard_the_same_phrase_twice_in_the_term(work: Work) -> None:
    wanted = select(Message.student_id, Message.phrase_id).where(Message.phrase_id.is_not(None))
    assert not [pair for pair, times in Counter(map(tuple, work.session.execute(wanted))).items() if times > 1]


def test_a_restricted_contact_never_got_a_word_and_is_seen_by_learning_support(lived: Lived, work: Work) -> None:
    assert not deliveries_to(work, lived.contact(people.CRAIG))
    assert not lived.town.phone(people.mobile(4)).texts
    shown = {
        with_limited: {
            card.contact.name
            for card in whanau.contacts_of(
                work,
                lived.student(people.HEMI),
                on=schools.today(work),
                with_limited=with_limited,
                sender_ids=[],
            )
        }
        for with_limited in (True, False)
    }
    assert shown[True] - shown[False] == {people.CRAIG.name}


def test_a_contact_to_be_confirmed_is_held(lived: Lived, work: Work) -> None:
    held = deliveries_to(work, lived.contact(people.BRIDGET))
    assert held
    assert {(each.state, each.why) for each in held} == {(State.HELD, Why.ACCESS_UNCONFIRMED)}


def test_what_was_written_in_a_familys_quiet_time_is_held(lived: Lived, work: Work) -> None:
    *before, last = deliveries_to(work, lived.contact(people.RANGI))
    assert {each.state for each in before} == {State.DELIVERED}
    assert (last.state, last.why) == (State.HELD, Why.PAUSED)


def test_a_contact_with_hours_of_her_own_heard_nothing_before_three(lived: Lived) -> None:
    heard = [text.created_at.astimezone(ZONE) for text in lived.town.phone(people.mobile(2)).received]
    assert heard
    assert all(15 <= moment.hour < 21 for moment in heard)


def test_stop_was_obeyed_and_answered_and_later_news_is_for_a_person(lived: Lived, work: Work) -> None:
    bodies = [text.body for text in lived.town.phone(people.mobile(11)).texts]
    said = bodies.index("STOP")
    assert len(bodies) == said + 2
    assert deliveries_to(work, lived.contact(people.KYLIE))[-1].state == State.BY_HAND


def test_a_landline_a_slip_another_language_and_sign_are_for_a_person(lived: Lived, work: Work) -> None:
    by_hand = {
        adult.name: {(each.state, each.channel) for each in deliveries_to(work, lived.contact(adult))}
        for adult in (people.BERYL, people.PARE, people.TAVITA, people.KAREN)
    }
    assert by_hand == {
        people.BERYL.name: {(State.DELIVERED, Channel.CALL)},
        people.PARE.name: {(State.BY_HAND, Channel.SLIP)},
        people.TAVITA.name: {(State.DELIVERED, Channel.INTERPRETER)},
        people.KAREN.name: {(State.DELIVERED, Channel.VIDEO)},
    }


def test_a_number_out_of_service_is_told_to_the_office(lived: Lived, work: Work) -> None:
    assert lived.town.phone(people.mobile(12)).state is PhoneState.GONE
    last = deliveries_to(work, lived.contact(people.TRENT))[-1]
    assert (last.state, last.why) == (State.FAILED, Cause.NOT_IN_SERVICE)
    office = tasks.open_tasks(work, staff_id=uuid.uuid4(), roles=[Role.OFFICE], kinds=[TaskKind.MEND_ADDRESS])
    assert [task.contact_id for task in office] == [lived.contact(people.TRENT)]


def test_words_without_a_safe_place_wait_for_a_person(work: Work) -> None:
    assert {(reply.from_address, reply.why) for reply in conversations.parked(work)} == {
        (stories.STRANGER, conversations.Parked.UNKNOWN_SENDER),
    }


def test_an_answer_from_a_shared_phone_is_filed_about_the_child_without_guessing_who_wrote(
    lived: Lived, work: Work
) -> None:
    found = conversations.replies_about(work, [lived.student(people.LOSA)], waiting=False)
    assert [(reply.words, reply.contact_id) for reply, _ in found if reply.from_address == people.mobile(6)] == [
        ("Thank you! We are so proud 😊", None)
    ]


def test_answers_stand_in_the_log_of_each_child_they_name(lived: Lived, work: Work) -> None:
    for child in (people.TAMA, people.KIRI):
        moments = [entry.line.moment for entry in partnership.timeline(work, lived.student(child), limit=100)]
        assert moments.count(Moment.REPLY) == 1


def test_mails_were_answered_too(lived: Lived, work: Work) -> None:
    found = conversations.replies_about(work, [lived.student(people.AROHA)], waiting=False)
    mails = [reply.words for reply, _ in found if reply.channel == Channel.EMAIL]
    assert mails == ["Thanks for telling me. That made my week.\n\nDan"]


def test_old_answers_were_read_and_the_newest_wait(lived: Lived, work: Work) -> None:
    ids = [student.id for student in lived.small.students.values()]
    waiting = {reply.id for reply, _ in conversations.replies_about(work, ids, waiting=True, limit=500)}
    everything = {reply.id: reply for reply, _ in conversations.replies_about(work, ids, waiting=False, limit=500)}
    assert 3 <= len(waiting) < len(everything)
    assert min(everything[each].received_at for each in waiting) > TODAY - timedelta(days=7)


def test_a_praise_was_taken_back(lived: Lived, work: Work) -> None:
    entries = partnership.timeline(work, lived.student(people.LEO), limit=100)
    assert [entry.undone for entry in entries].count(True) == 1
    assert not any("garden" in letter.text for letter in lived.town.mailbox("wei.chen@mail.test").letters)


def test_a_book_is_agreed_by_both_sides_and_its_pages_went_home(lived: Lived, work: Work) -> None:
    (book,) = books.books_of(work, [lived.student(people.MERE)])
    assert books.agreement_of(work, book).stands
    pages = books.pages_of(work, [book.id], home=True, limit=10)
    assert len(pages) == len(stories.PAGES)
    assert {page.on_day for page in pages} == {page.on_day for page in books.pages_of(work, [book.id], limit=10)}


def test_talks_and_notes_stand_in_the_log(lived: Lived, work: Work) -> None:
    for _, _, _, child, _, moment, words in stories.TALKED:
        entries = partnership.timeline(work, lived.student(child), moments=[moment], limit=100)
        talks = partnership.korero_words(work, [entry.line.subject_id for entry in entries if entry.line.subject_id])
        assert words in {talk.words for talk in talks.values()}


def test_some_children_have_heard_nothing_yet_and_some_lately(lived: Lived, work: Work) -> None:
    room = [lived.student(child) for child in people.WITH_A_STORY if child.room == people.ROOM_7]
    reached = partnership.good_news_reached(work)
    assert lived.student(people.KAHU) not in reached
    assert len([each for each in room if each in reached]) > 10
    assert 3 <= len(lived.small.students) - len(reached) < 20


def test_a_child_without_a_contact_cannot_be_written_about(lived: Lived, work: Work) -> None:
    cards = whanau.contacts_of(
        work, lived.student(people.KAHU), on=schools.today(work), with_limited=True, sender_ids=[]
    )
    assert not cards


def test_a_teacher_does_not_see_his_own_daughter_as_staff(lived: Lived, work: Work) -> None:
    viewer = schools.viewer_for(work, lived.small.staff[people.SINGH.name].id)
    seen = {student.name for student in students.students_seen_by(work, viewer, schools.today(work))}
    assert people.KIRI.name in seen
    assert people.ANAYA.name not in seen


def test_everybody_signs_in_with_the_password_that_is_printed(lived: Lived) -> None:
    for colleague in people.STAFF:
        with lived.runtime.lobby() as lobby:
            opened = schools.sign_in(
                lobby, email=colleague.email, password=PASSWORD, remember=False, from_address="127.0.0.1"
            )
        assert isinstance(opened, schools.Opened)


def test_messages_flow_at_any_hour(work: Work) -> None:
    calendar = schools.calendar_of(work)
    night = datetime(2026, 11, 17, 14, 30, tzinfo=UTC)  # half past three in the morning
    assert calendar.next_opening(night, schools.quiet_hours(work)) == night


def test_the_phones_say_whose_they_are(lived: Lived) -> None:
    assert lived.town.phone(people.mobile(5)).label == "Hinewai Waaka (Tama and Kiri)"
    assert lived.town.phone(people.mobile(6)).label == "Sina Fonoti (Losa), Ioane Fonoti (Losa)"


def test_every_phrase_of_a_story_is_in_the_bank(work: Work) -> None:
    bank = set(work.session.scalars(select(Phrase.key)))
    assert {phrase for *_, phrase, _ in stories.PRAISED} <= bank


def test_the_same_seed_lets_the_same_things_happen_and_another_seed_others(lived: Lived) -> None:
    past = Past(lived.runtime, lived.town, StoryClock(TODAY), lived.small.school_id)
    days = [date(2026, 10, 12) + timedelta(days=n) for n in range(HISTORY_DAYS)]
    told = []
    for seed in (7, 7, 8):
        dice = Random(seed)
        story = Story(past, lived.small, tuple(people.everybody_else(dice)), days, dice)
        told.append([(each.at, each.happen.func.__name__, each.happen.args) for each in happenings(story)])
    assert told[0] == told[1] != told[2]
    assert len(told[0]) > 200


def test_the_desks_of_te_reo_are_not_empty(lived: Lived, work: Work) -> None:
    speaker = lived.small.staff[people.ERANA.name]
    assert len(messages.translating.offers_for(work, speaker.id)) == 2
    assert len(messages.wordings.on_desk(work)) > 50
    checked = [each.checked_by for each in messages.wordings.all_wordings(work) if each.checked_by]
    assert checked == [speaker.name] * len(checked)
    assert checked


def test_what_homes_said_is_told_of_a_round_that_is_over(work: Work) -> None:
    year = Period(Span.DATES, TODAY.date() - timedelta(days=60), schools.today(work))
    first, second = reports.voices(work, year)
    for told in (first, second):
        assert told.share.told
        assert reports.SMALLEST_GROUP <= told.answered < told.asked
        assert all(told.scores[-2:])
    assert any(share.told for share in first.languages.values())
    assert pulse.standing_of(work).asks


def test_the_school_has_a_form_of_its_own_for_the_hui_about_a_plan(lived: Lived, work: Work) -> None:
    (form,) = meetings.forms_of(work)
    titles = {form.title_in(each) for each in Language}
    assert titles == {"Our IEP hui", "Tā mātou hui IEP"}
    assert len(form.headings) == 4


def test_plans_of_a_te_reo_home_and_of_two_homes_show_life_and_each_home_reads_its_own(
    lived: Lived, work: Work
) -> None:
    standing = {}
    for child in (people.MERE, people.HEMI):
        plan = plans.plan_of(work, lived.student(child))
        assert plan is not None
        standing[child.name] = plans.standing_of(work, plan)
        parts = {each.part for each in standing[child.name].items}
        assert parts == set(plans.Part)
        assert plans.praise_for(work, plan) or child is people.HEMI
    hone, ngaire, dave = (lived.small.contacts[each.name] for each in (people.HONE, people.NGAIRE, people.DAVE))
    meres, hemis = standing[people.MERE.name], standing[people.HEMI.name]
    assert meres.agreed(plans.home_of(hone), {hone.id}).home
    assert hemis.agreed(plans.home_of(ngaire), {ngaire.id}).both
    assert not hemis.agreed(plans.home_of(dave), {dave.id}).home
    assert "Hēmi plays a whole half of rugby." not in {
        each.words for each in plans.seen_at(hemis.items, plans.home_of(ngaire))
    }
    goals = books.goals_of(work, lived.student(people.HEMI), TODAY.date() - timedelta(days=60), TODAY.date())
    assert max(len(each.steps) for each in goals) > 3


def test_a_specialist_reads_what_one_home_approved_and_another_waits_for_its_yes(lived: Lived, work: Work) -> None:
    [meres] = specialists.shares_about(work, [lived.student(people.MERE)])
    [hemis] = specialists.shares_about(work, [lived.student(people.HEMI)])
    assert len(specialists.looks_at(work, [meres.id])[meres.id]) == 1
    assert specialists.approving_homes(work, meres)
    assert not specialists.approving_homes(work, hemis)


def test_requests_for_support_stand_at_each_step_and_each_home_was_told(lived: Lived, work: Work) -> None:
    stand = {}
    for child in (people.TAMA, people.LIAM, people.HEMI):
        [found] = support.requests_about(work, lived.student(child))
        stand[child.name] = found.last.state
    assert list(stand.values()) == [SupportState.PLAN, SupportState.REACHED_OUT, SupportState.ASKED]
    told = [text.body for text in lived.town.phone(people.mobile(5)).received]
    assert sum("tautoko" in body for body in told) == 3


def test_a_hui_was_held_and_followed_up_and_looked_back_on_by_text(lived: Lived, work: Work) -> None:
    viewer = schools.viewer_for(work, lived.small.staff[people.TAN.name].id)
    [hui] = meetings.hui_about(work, viewer, lived.student(people.MERE))
    assert hui.minutes_sent_at is not None
    assert meetings.items_of(work, hui)[0].whose is Whose.FAMILY
    assert [each.pictures for each in meetings.voices_for(work, hui, home=True)] == [["happy", "quiet"]]
    done, still = meetings.steps_of(work, [hui.id])
    assert still.by_family
    assert still.done_at is None
    said = meetings.evaluations_of(work, [done.id])[done.id]
    assert {(each.whose, each.helped) for each in said} == {(Whose.STUDENT, Helped.YES), (Whose.FAMILY, Helped.YES)}


def test_one_hui_was_set_by_text_alone_and_another_waits_on_a_phone(lived: Lived, work: Work) -> None:
    viewer = schools.viewer_for(work, lived.small.staff[people.TAN.name].id)
    [tamas] = meetings.hui_about(work, viewer, lived.student(people.TAMA))
    assert tamas.state is HuiState.SET
    assert [(each.name, each.answer) for each in meetings.people_of(work, tamas)] == [("Whaea Pare", Welcome.YES)]
    [manaias] = meetings.hui_about(work, viewer, lived.student(people.MANAIA))
    assert manaias.state is HuiState.ASKED
    newest = lived.town.phone(people.mobile(7)).received[-1].body
    assert "1: " in newest
    assert "2: " in newest


def test_two_homes_would_each_meet_together_and_the_teacher_is_told(lived: Lived, work: Work) -> None:
    homes = meetings.homes_that_would(work, lived.student(people.HEMI))
    assert len(homes) == 2
    walsh_id = lived.small.staff[people.WALSH.name].id
    kinds = {each.kind for each in tasks.open_tasks(work, staff_id=walsh_id, roles=[])}
    assert TaskKind.HUI_TOGETHER in kinds
