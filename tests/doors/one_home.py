"""Everything that one home can have behind its link, and every way to ask for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text

from commsbridge import books, meetings, plans, schools, specialists, support
from commsbridge.books import Marked, Rhythm, Sees, Typed
from commsbridge.foundation.work import Work
from commsbridge.meetings import Agrees, HuiKind, Purpose, Whose
from commsbridge.plans import Part
from commsbridge.specialists import Offer, SharedPart
from commsbridge.support import Asking, Consent, ConsentHow
from tests.conftest import Clock
from tests.doors.family_acts import GOOD, TONIGHT, brought
from tests.doors.routes import picture, recorded_alone
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting
from tests.rooms.test_sounds import wav
from tests.story import Story

# Stands in everything that is this home's alone, and in nothing else.
OURS = "Zibibbo"
PROOF, PROOF_COOKIE = "proof", "whanau"


@dataclass(frozen=True)
class Way:
    """One way to ask for something behind a contact's link: ``shared`` is what another home of the child has, too.

    ``form`` names of what is there (OneHome.ids) are put in by their name in braces.
    """

    method: str
    rule: str
    shared: bool = False
    form: dict[str, str] = field(default_factory=dict)

    def fields(self, ids: dict[str, str]) -> dict[str, str]:
        """What the form sends."""
        return {name: value.format(**ids) for name, value in self.form.items()}

    def at(self, link: str, ids: dict[str, str]) -> str:
        """The address, behind this link."""
        rest = self.rule.removeprefix("/w/<secret>").replace("<reo>", "en").replace("<language>", "en")
        for name, value in ids.items():
            rest = rest.replace(f"<uuid:{name}>", value)
        assert "<" not in rest, rest
        return link + rest


SAYS = "We write something here."
WAYS = (
    Way("GET", "/w/<secret>", shared=True),
    Way("GET", "/w/<secret>/choices", shared=True),
    Way("POST", "/w/<secret>/choices", shared=True, form={"act": "language", "language": "en"}),
    Way("GET", "/w/<secret>/photos/<uuid:photo_id>", shared=True),
    Way("GET", "/w/<secret>/sounds/<uuid:sound_id>", shared=True),
    Way("GET", "/w/<secret>/voices/<uuid:voice_id>"),
    Way("GET", "/w/<secret>/copies/<uuid:copy_id>/paper"),
    Way("GET", "/w/<secret>/copies/<uuid:copy_id>/data"),
    Way("GET", "/w/<secret>/hui/<uuid:hui_id>"),
    Way("POST", "/w/<secret>/hui/<uuid:hui_id>", form={"act": "correct", "correction": SAYS}),
    Way("GET", "/w/<secret>/hui/<uuid:hui_id>/calendar.ics"),
    Way("GET", "/w/<secret>/hui/<uuid:hui_id>/minutes-<reo>.pdf"),
    Way("POST", "/w/<secret>/hui", shared=True, form={"child": "1"}),
    Way("POST", "/w/<secret>/read", shared=True, form={"page_id": "{page_id}", "act": "read", "child": "1"}),
    Way("POST", "/w/<secret>/beside", shared=True, form={"page_id": "{page_id}", "words": SAYS, "child": "1"}),
    Way("POST", "/w/<secret>/agree", shared=True, form={"book_id": "{book_id}", "number": "1", "child": "1"}),
    Way("POST", "/w/<secret>/answer", shared=True, form={"words": SAYS, "child": "1", "form_key": "k"}),
    Way("POST", "/w/<secret>/share", form={"reply_id": "{reply_id}", "shares": "yes", "child": "1"}),
    Way("POST", "/w/<secret>/voice", shared=True),
    Way("GET", "/w/<secret>/partnership", shared=True),
    Way("POST", "/w/<secret>/partnership", shared=True, form={"asks": "yes", "child": "1"}),
    Way("GET", "/w/<secret>/plan", shared=True),
    Way("POST", "/w/<secret>/plan", form={"act": "drop", "item_id": "{item_id}", "child": "1"}),
    Way("GET", "/w/<secret>/plan/<language>.pdf", shared=True),
    Way("GET", "/w/<secret>/specialists", shared=True),
    Way("POST", "/w/<secret>/specialists", shared=True, form={"act": "yes", "share_id": "{share_id}", "child": "1"}),
    Way("GET", "/w/<secret>/support", shared=True),
    Way("POST", "/w/<secret>/support/ask", shared=True, form={"service": "senco", "words": SAYS, "child": "1"}),
    Way("POST", "/w/<secret>/support", form={"request_id": "{request_id}", "child": "1"}),
)
# These change only the device that asks, or send a code to where the link went: shown on their own (test_family_door).
OF_THE_DEVICE = {"/w/<secret>/code", "/w/<secret>/open", "/w/<secret>/forget", "/w/<secret>/leave"}


@dataclass(frozen=True)
class OneHome:
    """What is behind one contact's link: the link, the proof of their device, and the id of each thing."""

    link: str
    proof: str
    ids: dict[str, str]


def home_with_everything(story: Story, contact: str = "dave") -> OneHome:
    """A home that has one of everything about Aroha: a page with a photo and a voice note, a copy, a hui, a plan."""
    links, ids = all_but_a_copy(story, contact)
    ids |= _copy(story, contact) | _reply(story, contact)
    return OneHome(links[contact], proof_of(story, links[contact], contact), ids)


def all_but_a_copy(story: Story, contact: str) -> tuple[dict[str, str], dict[str, str]]:
    """The links that the page brought, and the id of each thing."""
    links, ids = _page(story, contact)
    return links, ids | hui_held(story, contact) | _plan(story, contact) | _support(story, contact)


def _page(story: Story, contact: str) -> tuple[dict[str, str], dict[str, str]]:
    aroha, household = story.students["aroha"], story.contacts[contact].household_id
    with story.work("walsh") as work:
        book = books.begin_book(work, aroha, books.template_named(work, "school_day"), rhythm=Rhythm.DAILY)
        books.set_agreement(work, book, "Each day by text.")
        page = books.begin_page(work, book, schools.today(work))
        good, _working, _ticks, tonight, own = books.sections_of(work, book)
        said = Typed(own.id, 0, f"{OURS} on Tuesdays.", sees=Sees.ONE_HOME, household_id=household)
        books.save(work, book, page, [Typed(good.id, 0, GOOD), Typed(tonight.id, 0, TONIGHT), said])
        photo = books.add_photo(work, page, aroha, picture(), alt="A bridge of sticks", shows="work")
        sound = books.add_sound(work, page, wav(), words="Listen to the bridge.")
        assert photo is not None
        assert sound is not None
        voice = recorded_alone(work, book, page, sees=Sees.ONE_HOME, household_id=household)
        books.hear(work, book, voice.id, f"{OURS}, I sing it.")
        books.send_home(work, book, page, aroha, links=story.runtime.links)
        links, _ = brought(story, work, page.message_id)
        ids = {"page_id": page.id, "book_id": book.id, "photo_id": photo.id, "sound_id": sound.id, "voice_id": voice.id}
    return links, {name: str(each) for name, each in ids.items()}


def hui_held(story: Story, contact: str, said: str = OURS) -> dict[str, str]:
    """A hui of that home that was held, its minutes sent."""
    aroha, who = story.students["aroha"], story.contacts[contact].id
    with story.work("walsh") as work:
        [home] = [
            each for each in meetings.homes_of(work, aroha) if who in {one.contact_id for one in each.people}
        ]  # fmt: skip
        hui = meetings.open_hui(work, aroha, home, Purpose(HuiKind.CATCH_UP, f"{said} and reading"))
        meetings.add_items(work, hui, Whose.FAMILY, [f"{said} and the bus"], contact_id=who)
        meetings.invite(work, hui, [work.now + timedelta(days=3)], links=story.runtime.links)
        meetings.choose(work, hui, 1, contact_id=who, links=story.runtime.links)
        hui.begins_at = work.now - timedelta(hours=1)
        meetings.take_places(work, hui, chair="Dave", minute_taker="Ms Walsh")
        [item] = meetings.items_of(work, hui)
        meetings.decide(work, hui, item.id, f"{said} rides in front.", before="")
        meetings.agree(work, hui, item.id, Agrees.AGREE, "", contact_id=None)
        meetings.read_back(work, hui, "Ms Walsh")
        meetings.finish(work, hui)
        meetings.send_minutes(work, hui, links=story.runtime.links)
        return {"hui_id": str(hui.id)}


def _plan(story: Story, contact: str) -> dict[str, str]:
    aroha = story.students["aroha"]
    with story.work("fox") as work:
        plan = plans.begin_plan(work, aroha, review_on=schools.today(work) + timedelta(days=70))
    with story.work() as work:
        plan = work.session.merge(plan)
        plans.write_from_home(work, plan, story.contacts[contact], Part.HOPES, f"{OURS} makes her happy.")
        [item] = plans.standing_of(work, plan).items
    with story.work("leota") as work:
        wanted = Offer(
            "Ana Tau",
            "speech-language therapist",
            "To listen.",
            (SharedPart.PROFILE,),
            schools.today(work) + timedelta(days=30),
        )
        share = specialists.offer(work, aroha, wanted)
    return {"item_id": str(item.id), "share_id": str(share.id)}


def _support(story: Story, contact: str) -> dict[str, str]:
    with story.work("leota") as work:
        consent = Consent(story.contacts[contact].id, ConsentHow.PHONE, schools.today(work))
        asking = Asking("rtlb", f"{OURS} at transitions.", consent, story.staff["leota"].id)
        asked = support.ask_for_support(work, story.students["aroha"], asking, links=story.runtime.links)
        return {"request_id": str(asked.id)}


def _copy(story: Story, contact: str) -> dict[str, str]:
    with story.work("burns") as work:
        copy = books.begin_copy(work, story.contacts[contact], "Rung on the number we hold.")
        items = books.items_of(work, copy)
        books.look_at_items(work, copy, [Marked(each.id, each.number, frozenset(), False) for each in items])
        books.release_copy(work, copy)
        return {"copy_id": str(copy.id)}


def _reply(story: Story, contact: str) -> dict[str, str]:
    mailroom = Mailroom(Posting(story, Clock(story.runtime.now())))
    reply = mailroom.mail(f"Aroha loves {OURS}.", f"{contact}.kereama@homes.test")
    return {"reply_id": str(reply.id)}


def proof_of(story: Story, link: str, contact: str) -> str:
    """The proof that a device is this contact's, as the code gives it."""
    with story.runtime.lobby() as lobby:
        behind = schools.behind_door(lobby, link.rpartition("/")[2], purpose="family")
    assert behind is not None
    with story.work() as work:
        holder = books.holder_of(work, behind[1])
        assert holder.contact.id == story.contacts[contact].id
        body = books.ask_code(work, holder, links=story.runtime.links).body
        code = next(word.strip(".") for word in body.split() if word.strip(".").isdigit() and len(word.strip(".")) == 6)
        proof = books.try_code(work, holder, code)
    assert proof is not None
    return proof


def everything_held(work: Work) -> dict[str, tuple[int, str]]:
    """Each table of the school with how many rows it has and what they say: whatever changes, changes this."""
    names = text(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind = 'r' AND relrowsecurity AND nspname = current_schema() ORDER BY relname"
    )
    held = {}
    for name in work.session.scalars(names).all():
        count, said = work.session.execute(
            text(f"SELECT count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY t::text)), '') FROM {name} t")
        ).one()
        held[name] = (count, said)
    return held


@contextmanager
def nothing_changes(story: Story) -> Iterator[None]:
    """Fails where anything that the school holds is another afterwards, and names the table."""
    with story.work() as work:
        before = everything_held(work)
    yield
    with story.work() as work:
        after = everything_held(work)
    changed = [name for name in before if before[name] != after[name]]
    assert not changed, changed


def nobodys(ids: dict[str, str]) -> dict[str, str]:
    """The same names with ids that are nobody's."""
    return {name: str(uuid.uuid4()) for name in ids}
