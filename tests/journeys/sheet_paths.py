"""Where the sheets begin: the path of each page, and what the album must hold for it first."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from commsbridge import books, conversations, messages, plans, schools, specialists, students, support
from commsbridge.books import Holds, Rhythm, Sees, Typed
from commsbridge.plans import Item, Part, Place
from commsbridge.specialists import Offer, SharedPart
from commsbridge.support import Asking, Consent, ConsentHow, News, SupportState
from tests.doors.routes import picture
from tests.journeys.album import Album


def at(path: str) -> Callable[[Album], str]:
    return lambda _album: path


def student(name: str, rest: str = "") -> Callable[[Album], str]:
    return lambda album: f"/students/{album.children[name].id}{rest}"


def contact(key: str) -> Callable[[Album], str]:
    return lambda album: f"/contacts/{album.story.contacts[key].id}"


def class_page(name: str, rest: str = "") -> Callable[[Album], str]:
    def path(album: Album) -> str:
        with album.story.work() as work:
            return f"/reports/classes/{students.class_named(work, name).id}{rest}"

    return path


def chosen(album: Album) -> str:
    with album.story.work("walsh") as work:
        phrase = messages.offered_phrases(work, album.children["Aroha Kereama"])[2]
    return f"/students/{album.children['Aroha Kereama'].id}/praise?phrase={phrase.id}"


def several(*names: str) -> Callable[[Album], str]:
    return lambda album: "/praise/several?go=yes" + "".join(f"&child={album.children[name].id}" for name in names)


def new_password(album: Album) -> str:
    """The page behind a mailed link, asked for once: nobody is sent many."""
    if "new password" in album.paths:
        return album.paths["new password"]
    with album.house.runtime.lobby() as lobby:
        link = schools.ask_reset(lobby, album.staff["burns"].email, from_address=str(uuid.uuid4()))
    assert link is not None
    return album.paths.setdefault("new password", f"/password/new/{link.secret}")


def contact_copy(album: Album) -> str:
    return f"/contacts/{album.story.contacts['hine'].id}/copy"


def asked_copy(album: Album) -> str:
    """A copy that a leader has begun for the kuia, with what her home was sent."""
    ngaire = album.story.contacts["ngaire"]
    with album.story.work("burns") as work:
        found = books.open_copy(work, ngaire.id) or books.begin_copy(work, ngaire, "Rung on the number we hold.")
        return f"/asked-copies/{found.id}"


def alone(album: Album) -> str:
    """A sitting of Aroha on this device, as an adult hands it over."""
    at = book("")(album)
    with album.story.work("walsh") as work:
        found = books.book_by_id(work, uuid.UUID(at.rpartition("/")[2]))
        return "/mine#" + books.hand_over(work, found, books.begin_page(work, found, schools.today(work)))


def notice(album: Album) -> str:
    """A message to the family of one child, sent once."""
    if "notice" not in album.paths:
        child = album.children["Aroha Kereama"]
        draft = messages.NoticeDraft(messages.Audience.FAMILY, child.id, words_en="Please bring running shoes.")
        with album.story.work("burns") as work:
            sent = messages.send_notice(work, draft, [child], links=album.house.runtime.links)
        album.paths["notice"] = f"/messages/{sent.id}"
    return album.paths["notice"]


def book(rest: str) -> Callable[[Album], str]:
    """A book in which a page was begun."""

    def path(album: Album) -> str:
        if "book" not in album.paths:
            with album.story.work("walsh") as work:
                template = books.template_named(work, "school_day")
                book = books.begin_book(work, album.children["Aroha Kereama"], template, rhythm=Rhythm.DAILY)
                books.set_agreement(work, book, "Each day by text, in te reo Māori. Hard things by phone.")
                books.sign_agreement(work, book)
                page = books.begin_page(work, book, schools.today(work))
                good, working, *_ = books.sections_of(work, book)
                said = [Typed(good.id, 0, "She read a whole page to Wī."), Typed(working.id, 0, "Waiting her turn.")]
                books.save(work, book, page, said)
            album.paths["book"] = f"/books/{book.id}"
        return album.paths["book"] + rest

    return path


def same_words(album: Album) -> str:
    """The same words in several books, with another book to put them in."""
    at = book("/several")(album)
    with album.story.work("leota") as work:
        template = books.template_named(work, "goals")
        if len(books.books_of(work, [album.children["Hēmi Parata"].id])) < 1:
            books.begin_book(work, album.children["Hēmi Parata"], template, rhythm=Rhythm.DAILY)
    return at


def family(*, door: bool = False) -> Callable[[Album], str]:
    """The page of Hine behind the link that a page of Hēmi's book brought; unless it is the ``door``, on her phone."""

    def path(album: Album) -> str:
        if "family" not in album.paths:
            asked_for_support(album)
            shared(album)
            album.paths["family"], album.paths["proof"] = gone_home(album)
        return f"{album.paths['family']}?reo={album.language}" + ("" if door else f"#{album.paths['proof']}")

    return path


def gone_home(album: Album) -> tuple[str, str]:
    """The link in Hine's text, and the proof that a phone is hers."""
    child, hine, links = album.children["Hēmi Parata"], album.story.contacts["hine"].id, album.house.runtime.links
    with album.story.work("walsh") as work:
        book = books.begin_book(work, child, books.template_named(work, "goals"), rhythm=Rhythm.DAILY)
        books.set_agreement(work, book, "Each day by text, in te reo Māori. Hard things by phone.")
        books.sign_agreement(work, book)
        page = books.begin_page(work, book, schools.today(work))
        good, first, _second, helped, own = books.sections_of(work, book)
        typed = [
            Typed(good.id, 0, "He asked for a break with his card, three times."),
            Typed(first.id, 0, "Waiting for a turn at the drums.", step=3),
            Typed(helped.id, 0, "The quiet corner, and a timer he could see."),
            Typed(own.id, 0, "I liked it.", step=4, sees=Sees.HOMES),
        ]
        books.save(work, book, page, typed)
        books.send_home(work, book, page, child, links=links)
        books.write_beside(work, page, "It was four times, he says.")
        [told] = messages.written(work, [each for each in (page.message_id,) if each]).values()
        [delivery] = [each for each in told.deliveries if each.contact_id == hine]
        holder = books.holder_of(work, delivery.id)
        code = re.search(r"\b\d{6}\b", books.ask_code(work, holder, links=links).body)
        assert code
        proof = books.try_code(work, holder, code[0])
        assert proof
        found = re.search(r"/w/[\w-]+", delivery.body)
        assert found
        return found[0], proof


def asked_for_support(album: Album) -> str:
    """A child for whom something was asked with the yes of one home, with what became of it."""
    child = album.children["Hēmi Parata"]
    if "support" not in album.paths:
        leota, hine = album.story.staff["leota"].id, album.story.contacts["hine"].id
        with album.story.work("leota") as work:
            today = schools.today(work)
            consent = Consent(hine, ConsentHow.IN_PERSON, today)
            words = "Hēmi would like a card for a break, and people who know what it means."
            asked = support.ask_for_support(
                work, child, Asking("rtlb", words, consent, leota, "the RTLB cluster"), links=album.house.runtime.links
            )
            told = "Mele of the RTLB comes on Monday, and talks with Hēmi first."
            support.note_news(
                work,
                asked,
                News(1, SupportState.REACHED_OUT, today, told, "Mele", leota),
                links=album.house.runtime.links,
            )
        album.paths["support"] = f"/students/{child.id}/support"
    return album.paths["support"]


def plan(album: Album) -> str:
    """A plan written by school and home, agreed by the school, with a goal that a book tells of."""
    child = album.children["Hēmi Parata"]
    if "plan" not in album.paths:
        with album.story.work("leota") as work:
            today = schools.today(work)
            plan = plans.begin_plan(work, child, review_on=today + timedelta(days=80))
            found = [each for book in books.books_of(work, [child.id]) for each in books.sections_of(work, book)]
            told = next((each.id for each in found if each.holds is Holds.GOAL), None)
            card = "Hēmi asks for a break with his card before it is too loud."
            written = [
                Item(uuid.uuid4(), Part.HOPES, "I would like to play the drums at assembly.", said_by="Hēmi"),
                Item(uuid.uuid4(), Part.NOW, "Loud rooms are hard; small groups are easy."),
                Item(uuid.uuid4(), Part.GOAL, card, by_on=today + timedelta(days=60), goal_id=told),
                Item(uuid.uuid4(), Part.RESOURCE, "A timer he can see.", who="Mrs Leota"),
                Item(uuid.uuid4(), Part.STRATEGY, "Show the card, then wait.", Place.PLAYGROUND, "Ms Walsh"),
                Item(uuid.uuid4(), Part.STRATEGY, "The same card on the fridge.", Place.HOME, "Hine"),
            ]
            goal = written[2]
            written.append(replace(goal, words=goal.words.replace("it is too loud", "a room is too loud for him")))
            for seen, item in enumerate(written, start=1):
                plans.keep_item(work, plan, item, seen=seen)
            hine = album.story.contacts["hine"]
            last = plans.write_from_home(work, plan, hine, Part.GOAL, "Kia moe ia i te whare o tana kuia.")
            plans.agree(work, plan, number=last.number)
        album.paths["plan"] = f"/students/{child.id}/plan"
    return album.paths["plan"]


def together(album: Album) -> str:
    """A child with a plan and a request that goes on."""
    asked_for_support(album)
    return plan(album).replace("/plan", "/partnership")


def shared(album: Album) -> str:
    """A plan of which something is shared with a specialist, by the yes of one home."""
    at = plan(album).replace("/plan", "/specialists")
    if "specialist" not in album.paths:
        with album.story.work("leota") as work:
            until = schools.today(work) + timedelta(days=30)
            why = "To see what he likes to talk about, before she comes to the hui."
            ana = Offer("Ana Tau", "Speech-language therapist", why, list(SharedPart), until, "ana@clinic.test")
            mele = Offer("Mele Fonua", "RTLB of our cluster", why, [SharedPart.GOALS], until)
            share = specialists.offer(work, album.children["Hēmi Parata"], ana)
            specialists.offer(work, album.children["Hēmi Parata"], mele)
            specialists.say_yes(work, share.id, album.story.contacts["hine"].id)
            key = specialists.make_key(work, share.id)
            proof = specialists.prove(work, share, key.code)
            specialists.look(work, share)
        album.paths["specialist"], album.paths["specialist-proof"] = f"/with/{key.secret}", proof or ""
    return at


def link(album: Album) -> tuple[str, str]:
    shared(album)
    return album.paths["specialist"], album.paths["specialist-proof"]


def proven(album: Album) -> str:
    at, proof = link(album)
    return f"{at}?reo={album.language}#{proof}"


def a_reply_with_pictures(album: Album) -> str:
    """The page of the newest reply; a picture came with it, and something that is none."""
    path = a_reply(album).removesuffix("/move")
    with album.story.work() as work:
        reply = conversations.reply_by_id(work, uuid.UUID(path.rpartition("/")[2]))
        assert reply is not None
        if not reply.pictures:
            reply.pictures = 2
            conversations.note_pictures(work, reply, ["https://carrier.test/ME1", "https://carrier.test/ME2"])
            first, second = conversations.pictures_with(work, [reply.id])[reply.id]
            conversations.keep_fetched(work, first.id, conversations.judge_picture(picture()))
            conversations.keep_fetched(work, second.id, conversations.judge_picture(b"none at all"))
    return path


def a_reply(album: Album) -> str:
    with album.story.work() as work:
        children = [child.id for child in album.children.values()]
        newest, _ = conversations.replies_about(work, children, waiting=False, limit=1)[0]
    return f"/replies/{newest.id}/move"


def read_to_a_child(album: Album) -> str:
    with album.story.work() as work:
        children = [child.id for child in album.children.values()]
        newest, about = conversations.replies_about(work, children, waiting=False, limit=1)[0]
    return f"/replies/{newest.id}/child/{about.student_id}"
