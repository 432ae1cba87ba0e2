"""The school whose pages are looked at: on one afternoon, with a past, full rooms and empty ones."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from operator import itemgetter
from zoneinfo import ZoneInfo

from PIL import Image

from commsbridge import conversations, messages, partnership, prompts, schools, students, whanau
from commsbridge.conversations.safety import Watch
from commsbridge.demo import StoryClock
from commsbridge.demo.past import Past
from commsbridge.foundation.language import Language
from commsbridge.foundation.work import Work
from commsbridge.messages import Draft, HintKind, concerns
from commsbridge.messages.concerns import Account, Call, ConcernKind, Rang
from commsbridge.neighbourhood import PhoneState
from commsbridge.partnership import Moment
from commsbridge.schools import Role, Staff
from commsbridge.students import Student, Tells
from commsbridge.web import DemoPerson
from commsbridge.whanau import Channel, MayMessage
from tests.conftest import RoleUrls
from tests.doors.moments import answered, worried
from tests.doors.pages import PASSWORD
from tests.journeys.asking import ASKED, hear_voice, talked
from tests.journeys.house import House, open_house
from tests.journeys.speaking import TO_TRANSLATE, ask_for_te_reo, check_some, name_speaker, take_one
from tests.story import SHORT_CODE, START, Story, open_school

ZONE = ZoneInfo("Pacific/Auckland")
# Thursday 19 November 2026, 2:50 pm: ten minutes before the bell.
AFTERNOON = datetime(2026, 11, 19, 14, 50, tzinfo=ZONE).astimezone(UTC)
BEGINNING = datetime(2026, 11, 2, 8, 30, tzinfo=ZONE).astimezone(UTC)
KUIA, MUM, STRANGER = "+64215550101", "+64215550104", "+64215550399"
FATHER = "dave.kereama@homes.test"
DEMO_PEOPLE = (
    DemoPerson("walsh@rimu.test", "Mere Walsh", "Kaiako of Room 7: sends good news, reads the answers", PASSWORD),
    DemoPerson("jan@rimu.test", "Jan Pōhatu", "Office: the roll, and numbers nobody knows", PASSWORD),
)

ROOM_7 = (
    "Anahera Ngata", "Benjamin Li", "Caleb Hughes", "Daisy Thompson", "Emere Paki", "Finn Murray", "Grace Wilson",
    "Hinemoa-Te-Rangi Wharepapa-Kingi", "Isaac Tupou", "Jasmine Patel", "Kahurangi Matenga", "Lupe Vainikolo",
    "Manaia Kereama", "Nīkau Tamihana", "Olivia Cooper", "Pounamu Hēnare", "Quinn Kelly", "Rāwiri Tūhoe", "Sefa Leota",
    "Te Ariki-Wharepapa Tāmihana-Ngāwhare", "Uri Harris", "Vili Faleolo", "Wiremu Pōhatu", "Xanthe Rossi",
    "Yusuf Haddad",
)  # fmt: skip
LONG_FIRST = ("Maximiliana-Wilhelmina", "Te Whetūmārama-o-te-ata", "Christopher-Alexander", "Ōkahukura-Rangimārie")
LONG_LAST = ("Featherstonehaugh-Cholmondeley", "Te Whatanui-Wharepapa-Ngāwhare", "Vainikolo-Fakatava-Tupou")
FORTY = tuple(f"{LONG_FIRST[n % 4]} {chr(65 + n % 26)}. {LONG_LAST[n % 3]}" for n in range(40))
ROOMS = {"Room 7": ROOM_7, "Room 40": FORTY, "Room 1": ("Only Tautahi",)}
NOBODY, GONE = "Daisy Thompson", "Finn Murray"  # nobody is written down; a phone out of service

ABOUT_AROHA = (
    (Tells.LOVES, "I love drawing dragons and my dog Pango.", Language.EN),
    (
        Tells.LOVES,
        "I love drawing dragons, my dog Pango and anything with wheels. I like to try things by myself first.",
        Language.EN,
    ),
    (Tells.STRENGTHS, "He ringa raupā ia. Ka mau i a ia ngā waiata katoa.", Language.MI),
    (Tells.HELPS, "Show me first, then let me try. A quiet corner when it is loud.", Language.EN),
)

# School days back, time, child, phrase, own words.
PRAISED = (
    (11, "10:20", "Anahera Ngata", "great-maths", ""),
    (10, "14:05", "Hēmi Parata", "asked-for-help", ""),
    (9, "11:40", "Benjamin Li", "worked-at-writing", ""),
    (8, "12:10", "Aroha Kereama", "kept-trying-when-hard", "Three tries, and then the bridge held."),
    (8, "13:00", "Caleb Hughes", "joined-game", ""),
    (7, "09:50", "Emere Paki", "sang-with-class", ""),
    (6, "14:30", "Hēmi Parata", "spoke-to-class", ""),
    (5, "10:00", "Aroha Kereama", "laughed-with-friends", ""),
    (5, "13:20", "Finn Murray", "great-maths", ""),
    (4, "14:40", "Grace Wilson", "finished-all-work", ""),
    (3, "11:30", "Hēmi Parata", "looked-after-friend", ""),
    (2, "14:45", "Aroha Kereama", "greeted-visitor", "She showed Koro Hoani where to hang his coat."),
    (1, "10:10", "Caleb Hughes", "great-maths", ""),
    (1, "12:30", "Jasmine Patel", "worked-at-reading", ""),
    (0, "11:05", "Aroha Kereama", "helped-new-student", ""),
)
REPLIED = (
    (8, "12:40", KUIA, "Ka pai! Kei te harikoa mātou katoa. Ngā mihi nui ki a koe, e te kaiako."),
    (3, "15:45", MUM, "That is lovely to hear, thank you. He told his koro all about it on the phone."),
    (0, "11:20", KUIA, "Ka pai Aroha! Tino harikoa mātou. He aha te wā o te hui āpōpō?"),
)
TALKED = (
    (6, "15:05", "Aroha Kereama", "ngaire", Moment.GATE, "Ngaire says Aroha reads to her at night now."),
    (4, "15:40", "Hēmi Parata", "hine", Moment.CALL, "Rang about Friday: Hine picks Hēmi up at two."),
    (3, "08:50", "Hēmi Parata", None, Moment.STAFF_NOTE, "Works best beside the window."),
)


@dataclass
class Album:
    """The school as it stands that afternoon, the secrets of whoever is signed in, and the language of who looks."""

    house: House
    story: Story
    past: Past
    children: Mapping[str, Student]
    staff: Mapping[str, Staff]
    kept: dict[str, uuid.UUID] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    language: str = "en"
    _keys: dict[str, str] = field(default_factory=dict)

    def key(self, who: str) -> str:
        """The sign-in of one of the staff, opened once."""
        if who not in self._keys:
            self._keys[who] = self.house.key_of(self.staff[who])
        return self._keys[who]

    def speak(self, who: str, language: Language) -> None:
        """The person reads the pages in this language from now on."""
        with self.house.runtime.lobby() as lobby:
            schools.set_language(lobby, self.staff[who].account_id, language)


@contextmanager
def open_album(urls: RoleUrls) -> Iterator[Album]:
    """The school while the block runs; nothing is sent any more and its clock stands still."""
    clock = StoryClock(BEGINNING)
    with open_house(urls, now=clock, town_now=clock, reports=False, demo_people=DEMO_PEOPLE) as house:
        story = open_school(house.runtime)
        past = Past(house.runtime, house.town, clock, story.school_id)
        children = dict(zip((child.name for child in story.students.values()), story.students.values(), strict=True))
        with story.work() as work:
            schools.set_quiet_hours(work, quiet_from=time(20), quiet_until=time(7))
            for room, names in ROOMS.items():
                children |= _fill(work, room, names)
            staff = {**story.staff, **_hire_more(work)}
        with story.work("walsh") as work:
            for tells, words, language in ABOUT_AROHA:
                students.say_about(
                    work,
                    children["Aroha Kereama"],
                    tells,
                    words=words,
                    said_by="Aroha and her kuia",
                    said_on=date(2026, 3, 12),
                    language=language,
                )
            messages.set_photo_permission(
                work,
                children["Aroha Kereama"],
                given=True,
                said_by="Ngaire Kereama",
                said_on=date(2026, 3, 12),
            )
        second = open_school(
            house.runtime, name="Kōwhai School", domain="kowhai.test", short_code="4646", mail_from="kura@kowhai.test"
        )
        with second.work() as work:
            schools.add_staff(
                work,
                email=staff["kiri"].email,
                name="Kiri Hōhepa",
                shown_name="Whaea Kiri",
                roles={Role.CHILD_PROTECTION},
                from_on=START,
            )
        staff["speaker"] = name_speaker(story)
        album = Album(house, story, past, children, staff)
        _live(album)
        _act_lately(album)
        with story.work("burns") as work:
            hear_voice(work)
        yield album


def _fill(work: Work, room: str, names: Sequence[str]) -> dict[str, Student]:
    """A class of children with one parent each, but for one whom nobody is written down for."""
    made = {}
    for n, name in enumerate(names):
        child = students.add_student(work, roll_id=f"{room}-{n}", name=name, preferred_name=None, year_level=5 + n % 2)
        students.enrol(work, child, students.class_named(work, room), from_on=START)
        made[name] = child
        if name != NOBODY:
            parent = whanau.add_contact(
                work,
                f"Sam {name.rsplit(' ', 1)[-1]}",
                language="mi" if n % 3 == 0 else "en",
                ways=((Channel.TEXT, number_of(name)),),
                from_on=START,
            )
            whanau.relate(work, parent.id, child.id, relationship="parent", may_message=MayMessage.YES, from_on=START)
    return made


def number_of(child: str) -> str:
    """The phone of a child's parent, for those of ROOMS."""
    everybody = [name for names in ROOMS.values() for name in names]
    return f"+6421555{200 + everybody.index(child):04d}"


def _hire_more(work: Work) -> dict[str, Staff]:
    hired = {}
    for who, name, room in (
        ("forty", "Ngaio Forty", "Room 40"),
        ("one", "Una Tahi", "Room 1"),
        ("new", "Nola New", ""),
    ):
        hired[who] = schools.add_staff(
            work, email=f"{who}@rimu.test", name=name, shown_name=name, roles={Role.KAIAKO}, from_on=START
        )
        if room:
            students.teach(work, hired[who], students.class_named(work, room), from_on=START)
    return hired


def _live(album: Album) -> None:
    """Let the last weeks pass."""
    album.house.town.set_phone(number_of(GONE), PhoneState.GONE)
    for address, name in ((KUIA, "Ngaire Kereama"), (MUM, "Hine Parata"), (FATHER, "Dave Kereama")):
        album.house.town.name(address, name)
    with album.story.work() as work:
        days = schools.calendar_of(work).last_school_days(12, AFTERNOON.astimezone(ZONE).date())
    happened: list[tuple[datetime, Callable[[], object]]] = []

    def at(back: int, clock: str, happen: Callable[..., object], *what: object) -> None:
        moment = datetime.combine(days[-1 - back], time.fromisoformat(clock), tzinfo=ZONE)
        happened.append((moment.astimezone(UTC), partial(happen, album, *what)))

    for back, clock, child, phrase, words in PRAISED:
        at(back, clock, _praise, child, phrase, words)
    for back, clock, number, words in REPLIED:
        at(back, clock, _text, number, words)
    for back, clock, child, contact, moment, words in TALKED:
        at(back, clock, _talk, child, contact, moment, words)
    for back, clock, place, words, talked_back, talked_at in ASKED:
        at(back, clock, _text, number_of(FORTY[place]), words)
        at(talked_back, talked_at, _talk_about, number_of(FORTY[place]))
    at(2, "08:40", _read_replies)
    for then, happen in sorted(happened, key=itemgetter(0)):
        album.past.until(then)
        happen()


def _praise(album: Album, child: str, phrase_key: str, words: str = "", *, as_link: bool = False) -> uuid.UUID:
    with album.story.work("walsh") as work:
        phrase = messages.phrase_by_key(work, phrase_key)
        draft = Draft(phrase.id if phrase else None, words, as_link=as_link)
        return messages.send_praise(work, album.children[child], draft, links=album.house.runtime.links).id


def _text(album: Album, number: str, words: str) -> None:
    album.past.text(number, SHORT_CODE, words)


def _talk_about(album: Album, number: str) -> None:
    with album.story.work("burns") as work:
        talked(work, number)


def _talk(album: Album, child: str, contact: str | None, moment: Moment, words: str) -> None:
    with album.story.work("walsh") as work:
        partnership.write_korero(
            work,
            student_id=album.children[child].id,
            moment=moment,
            words=words,
            happened_at=work.now - timedelta(minutes=5),
            contact_id=album.story.contacts[contact].id if contact else None,
        )


def _read_replies(album: Album) -> None:
    with album.story.work("walsh") as work:
        ids = [child.id for child in album.children.values()]
        for reply, about in conversations.replies_about(work, ids, waiting=True):
            conversations.see_reply(work, reply.id, about.student_id)


def _raise_concerns(album: Album) -> None:
    """One that waits for a second person, and one on a hard day, rung first and out."""
    told = Account(
        happened="At lunch Isaac was hurt in a game, and two adults held him for his safety.",
        helped="Ten minutes by the creek with Matua Matiu. He asked to come back in himself.",
        suggested="A place by the door for a week, and the creek whenever he asks.",
        asked="What calms him at home?",
        offers_talk=True,
    )
    for child, kind in (("Isaac Tupou", ConcernKind.HARD_DAY), ("Grace Wilson", ConcernKind.CONCERN)):
        with album.story.work("walsh") as work:
            schools.read_concerns_first(work, read_first=kind is ConcernKind.CONCERN)
            student = album.children[child]
            sender_ids = [sender.id for sender in schools.senders_of(work)]
            [contact, *_] = whanau.recipients_of(work, student.id, on=schools.today(work), sender_ids=sender_ids)
            call = Call(contact.contact_id, work.now - timedelta(minutes=5), Rang.TALKED)
            links, to = album.house.runtime.links, [contact.contact_id]
            concern = concerns.send_concern(work, student, kind, told, to=to, call=call, links=links)
            album.kept[kind.value] = concern.id
            if concern.message_id is not None:
                body = messages.written(work, [concern.message_id])[concern.message_id].deliveries[0].body
                found = re.search(r"/note/[\w-]+", body)
                assert found, body
                album.paths["concern"] = found.group()
        with album.story.work("leota") as work:
            messages.add_own_hint(work, HintKind.LABEL, Language.EN, "wild child")
            messages.add_own_hint(work, HintKind.STING, Language.MI, "i te mutunga iho")


def _worry(album: Album) -> None:
    """Two messages that the screening stopped at: one that a named person has opened, one that nobody has."""
    for number, words in (("+64215559881", "im scared to go home"), ("+64215559882", "I dont feel safe at home")):
        worried(album.story, number, words)
    with album.story.work("burns") as work:
        later, first = conversations.safety.alerts_of(work, since=work.now)
        conversations.safety.open_alert(work, first.id)
    album.kept["worry-opened"], album.kept["worry"] = first.id, later.id
    with album.story.work("burns") as work:
        conversations.safety.set_watch(work, Watch())
    answered(album.story, "+64215559883", "I know where you live, and I will smash you")


def _drawing() -> bytes:
    drawn = io.BytesIO()
    Image.radial_gradient("L").resize((640, 420)).save(drawn, "PNG")
    return drawn.getvalue()


def _act_lately(album: Album) -> None:
    """What is under way that afternoon: a note behind a link, a stranger, a pause, a praise of this moment."""
    album.past.until(AFTERNOON - timedelta(minutes=40))
    note = _praise(album, "Emere Paki", "", "Emere was sick after lunch and rested. She is well again.", as_link=True)
    album.past.until(AFTERNOON - timedelta(minutes=20))
    body = album.house.town.phone(number_of("Emere Paki")).texts[-1].body
    found = re.search(r"/note/\S+", body)
    assert found, body
    album.paths["note"] = found.group()
    album.past.text(STRANGER, SHORT_CODE, "Hi its Trent, Masons dad. This is my new number")
    with album.story.work("walsh") as work:
        messages.keep_for_later(
            work,
            album.children["Aroha Kereama"],
            Draft(words="She taught the new entrants our karakia, one line at a time."),
            goes_at=AFTERNOON + timedelta(days=4, minutes=40),
        )
        messages.pause(work, student_id=album.children["Sefa Leota"].id, by_family=True)
        delivery = messages.written(work, [note])[note].deliveries[0]
        number = schools.school_of(work).number
    album.paths["change"] = album.house.runtime.links.change_url(number, delivery.id).removeprefix(album.house.url)
    album.paths["rejected"] = check_some(album.story, album.staff["speaker"])
    for child, words in TO_TRANSLATE:
        ask_for_te_reo(album.story, album.staff["speaker"], album.children[child], words)
    _raise_concerns(album)
    _worry(album)
    album.past.until(AFTERNOON)
    with album.story.work("walsh") as work:
        album.kept["together"] = messages.send_together(
            work,
            [album.children["Hēmi Parata"], album.children["Caleb Hughes"]],
            Draft(words="(name) built a bridge of sticks that held a brick."),
            own={},
            links=album.house.runtime.links,
            once_key="together",
        )
        _, code = schools.ask_phone(work, album.staff["forty"].id, "021 555 0190")
        schools.check_code(work, album.staff["forty"].id, code)
        [forty] = schools.viewers_for(work, [album.staff["forty"].id])
        taught = students.students_taught_by(work, forty, schools.today(work))
        device = album.house.town.device("A phone", album.house.runtime.gateways.pushes.application_key)
        schools.add_device(
            work, forty.staff_id, endpoint=device.endpoint, p256dh=device.p256dh, auth=device.auth,
            service_url=album.house.town.url,
        )  # fmt: skip
        students.keep_group(work, forty, "Pānui", {child.id for child in taught[:4]})
        prompts.set_schedule(work, album.staff["forty"].id, days={3}, at=time(14, 30), how_many=2, by_mail=False)
        prompts.set_schedule(
            work, album.staff["forty"].id, days={0, 2}, at=time(8, 30), how_many=3, by_mail=False,
            class_id=students.class_named(work, "Room 40").id,
        )  # fmt: skip
        prompts.ask_due(work, links=album.house.runtime.links)
    album.paths["translate"] = take_one(album.story, album.staff["speaker"])
    with album.story.work("walsh") as work:
        photo = messages.keep_photo(
            work, album.children["Grace Wilson"], _drawing(), alt="A dragon drawn with charcoal", shows="work"
        )
        drawn = Draft(words="Three days of drawing, and then this.", photo_id=photo.id)
        sent = messages.send_praise(work, album.children["Grace Wilson"], drawn, links=album.house.runtime.links)
        delivery = messages.written(work, [sent.id])[sent.id].deliveries[0]
    album.paths["photo"] = album.house.runtime.links.photo_url(number, delivery.id).removeprefix(album.house.url)
    album.kept["over"] = note
    album.kept["sent"] = _praise(album, "Hēmi Parata", "thanked-teacher", "He said it in te reo, unprompted.")
