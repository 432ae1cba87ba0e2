"""Every page of the service, and how one comes to it."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from commsbridge import books, conversations, messages, plans, schools, specialists, students, support
from commsbridge.books import Holds, Rhythm, Sees, Typed
from commsbridge.plans import Item, Part, Place
from commsbridge.specialists import Offer, SharedPart
from commsbridge.support import Asking, Consent, ConsentHow, News, SupportState
from tests.doors.pages import PASSWORD
from tests.doors.routes import picture
from tests.journeys import hui_sheets
from tests.journeys.album import FATHER, KUIA, NOBODY, Album
from tests.journeys.house import SPARK

ROSTER = Path(__file__).parents[1] / "labelled" / "roster_300.csv"


@dataclass(frozen=True)
class Combination:
    """How a page is looked at."""

    shape: str
    scheme: str
    language: str

    def __str__(self) -> str:
        return f"{self.shape}-{self.scheme}-{self.language}"


COMBINATIONS = [Combination(*each) for each in product(("phone", "desk"), ("light", "dark"), ("mi", "en"))]


@dataclass(frozen=True)
class Sheet:
    """One page: who looks at which path, what they do there first, and what the answer's status is.

    ``speaks`` is the one language of a page that has no other; ``town``: a page of the neighbourhood.
    """

    path: Callable[[Album], str]
    who: str | None = "walsh"
    then: Callable[[Page], None] | None = None
    status: int = 200
    speaks: str | None = None
    town: bool = False

    def shown_in(self, combination: Combination) -> bool:
        """Whether the page is ever seen like this."""
        return self.speaks in {None, combination.language}


def _at(path: str) -> Callable[[Album], str]:
    return lambda _album: path


def _student(name: str, rest: str = "") -> Callable[[Album], str]:
    return lambda album: f"/students/{album.children[name].id}{rest}"


def _contact(key: str) -> Callable[[Album], str]:
    return lambda album: f"/contacts/{album.story.contacts[key].id}"


def _class(name: str, rest: str = "") -> Callable[[Album], str]:
    def path(album: Album) -> str:
        with album.story.work() as work:
            return f"/reports/classes/{students.class_named(work, name).id}{rest}"

    return path


def _chosen(album: Album) -> str:
    with album.story.work("walsh") as work:
        phrase = messages.offered_phrases(work, album.children["Aroha Kereama"])[2]
    return f"/students/{album.children['Aroha Kereama'].id}/praise?phrase={phrase.id}"


def _several(*names: str) -> Callable[[Album], str]:
    return lambda album: "/praise/several?go=yes" + "".join(f"&child={album.children[name].id}" for name in names)


def _new_password(album: Album) -> str:
    """The page behind a mailed link, asked for once: nobody is sent many."""
    if "new password" in album.paths:
        return album.paths["new password"]
    with album.house.runtime.lobby() as lobby:
        link = schools.ask_reset(lobby, album.staff["burns"].email, from_address=str(uuid.uuid4()))
    assert link is not None
    return album.paths.setdefault("new password", f"/password/new/{link.secret}")


def _close_no_day(page: Page) -> None:
    page.locator("#closed_on").fill("2026-11-17")
    page.locator("#why").evaluate("field => field.removeAttribute('required')")
    page.locator("form:has(#closed_on) button").click()
    page.locator("#wrong-why").wait_for()


def _read_calendar(page: Page) -> None:
    events = (
        "SUMMARY:Teacher only day\r\nDTSTART;VALUE=DATE:20261123",
        "SUMMARY:Athletics\r\nDTSTART;VALUE=DATE:20261126",
        "SUMMARY:Assembly\r\nDTSTART:20261127T090000",
    )
    inside = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    raw = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}END:VCALENDAR\r\n".encode()
    page.set_input_files("#file", {"name": "year.ics", "mimeType": "text/calendar", "buffer": raw})
    page.locator("form:has(#file) button").click()
    page.locator("#found").wait_for()


def _fill_wrong_password(page: Page) -> None:
    page.locator("#email").fill(f"{uuid.uuid4().hex[:8]}@rimu.test")
    page.locator("#password").fill("not this one")
    page.locator("form.leaf button[type=submit]").click()


def _ask_reset(page: Page) -> None:
    page.locator("#email").fill(f"{uuid.uuid4().hex[:8]}@rimu.test")
    page.locator("form.leaf button[type=submit]").click()


def _name_another_child(page: Page) -> None:
    page.locator("#own_words").fill("Aroha and Hēmi built a bridge together.")
    page.locator("button[value=send]").click()
    page.locator("[role=alert]").wait_for()


def _send_home_naming_another(page: Page) -> None:
    """The page names Wī: it asks before it goes; what helps stands open above."""
    page.locator("form[action$='/home#home'] button").click()
    page.locator("[role=alert]").wait_for()
    page.locator("main details summary").first.click()


def _contact_copy(album: Album) -> str:
    return f"/contacts/{album.story.contacts['hine'].id}/copy"


def _asked_copy(album: Album) -> str:
    """A copy that a leader has begun for the kuia, with what her home was sent."""
    ngaire = album.story.contacts["ngaire"]
    with album.story.work("burns") as work:
        found = books.open_copy(work, ngaire.id) or books.begin_copy(work, ngaire, "Rung on the number we hold.")
        return f"/asked-copies/{found.id}"


def _alone(album: Album) -> str:
    """A sitting of Aroha on this device, as an adult hands it over."""
    at = _book("")(album)
    with album.story.work("walsh") as work:
        found = books.book_by_id(work, uuid.UUID(at.rpartition("/")[2]))
        return "/mine#" + books.hand_over(work, found, books.begin_page(work, found, schools.today(work)))


def _point(page: Page) -> None:
    """The child has pointed at a picture and not said yet who may see it."""
    address, _, secret = page.url.partition("#")
    page.context.add_cookies([{"name": "mine", "value": secret, "url": address}])
    page.goto(address)
    page.locator("main.childs input[type=checkbox]").first.check()
    page.locator("main.childs form button[type=submit]").first.click()
    page.locator("[role=alert]").wait_for()


def _send_nothing(page: Page) -> None:
    page.locator("button[value=send]").click()
    page.locator("[role=alert]").wait_for()


def _open_write(page: Page) -> None:
    page.locator("details.write summary").click()


def _send_unrung(page: Page) -> None:
    page.locator("#happened").fill("At lunch she was hurt in a game.")
    page.locator("button[value=send]").click()
    page.locator("[role=alert]").wait_for()


def _sting(page: Page) -> None:
    """A hint stands under the field; the page is itself again below it."""
    page.locator("#own_words").fill("She listened for once.")
    page.locator(".hinting .note").wait_for()


def _prove_wrongly(page: Page) -> None:
    page.locator("#number").fill("09 555 0100")
    page.locator("form:has(#number) button").click()
    page.locator("#wrong-number").wait_for()


def _lose_the_form(page: Page) -> None:
    """A form whose token is gone, sent with words in it."""
    page.locator("#own_words").fill("She shared her pencils.")
    page.locator("form#praise [name=csrf_token]").evaluate("field => field.value = ''")
    page.locator("button[value=send]").click()
    page.locator("#kept").wait_for()


def _lose_the_sign_in(page: Page) -> None:
    """The sign-in ends while somebody writes."""
    page.locator("#own_words").fill("She shared her pencils.")
    page.context.clear_cookies(name="commsbridge")
    page.locator("button[value=send]").click()
    page.locator("[name=carried]").first.wait_for(state="attached")


def _sign_in_again(page: Page) -> None:
    """And they come back in; a file that stays behind holds the page still, or it would go on by itself."""
    page.locator("form#praise").evaluate(
        """form => {
          form.enctype = "multipart/form-data";
          form.insertAdjacentHTML("beforeend", '<input type="file" name="picture">');
        }"""
    )
    page.locator("[name=picture]").set_input_files(ROSTER)
    _lose_the_sign_in(page)
    page.locator("#email").fill("walsh@rimu.test")
    page.locator("#password").fill(PASSWORD)
    page.locator("form.leaf button[type=submit]").click()
    page.locator("form[action$=praise]").wait_for()


def _say_without_saying_who(page: Page) -> None:
    page.locator("#words-helps").fill("Sit him beside the window.")
    page.locator("form:has(#words-helps) button[type=submit]").click()
    page.locator("[role=alert]").wait_for()


def _write_long_phrase(page: Page) -> None:
    page.locator("#text_mi").fill("I āwhina a {name} i te katoa ki te kimi i ō rātou pōtae kōwhai.")
    page.locator("[data-whole] .note").wait_for()


def _write_for_several(page: Page) -> None:
    page.locator("#own_words").fill("(name) built a bridge of sticks that held a brick.")
    page.locator("#previews", has_text="Caleb built a bridge").wait_for()


def _choose_photo(page: Page) -> None:
    page.locator("details.later summary", has=page.locator("svg")).first.click()


def _with_photo(page: Page) -> None:
    """A photo of a drawing, chosen and seen before it goes."""
    _choose_photo(page)
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((640, 420)).save(drawn, "PNG")
    page.locator("#photo").set_input_files({"name": "dragon.png", "mimeType": "image/png", "buffer": drawn.getvalue()})
    page.locator("#photo_shows-work").focus()
    page.keyboard.press("Space")
    page.locator("#photo_alt").fill("A dragon drawn with charcoal")
    page.locator("#own_words").fill("Three days of drawing, and then this dragon about Hēmi.")
    page.locator("button[value=send]").click()
    page.locator("img.photo").wait_for()


def _choose_later(page: Page) -> None:
    page.locator("details.later summary").last.click()


def _find_from_the_bar(page: Page) -> None:
    """On a desk one types into the bar; on a phone there is no bar to type into."""
    seek = page.locator("#seek")
    if seek.is_visible():
        seek.press_sequentially("a")
        page.locator("#found-few a").first.wait_for()


def _show_keys(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()


# The page's own first round is waited for: it would send what is put before it.
KEEP = """async stuck => {
  await begun;
  const { writer } = await (await fetch("/here")).json();
  const item = { writer, url: "/students/0/praise", fields: [], about: "Aroha", at: Date.now() };
  await store.add({ ...item, key: "1", words: "He kōrero pai tāna i te karakia.", stuck: false });
  if (stuck) await store.add({ ...item, key: "2", about: "Te Ariki-Wharepapa Tāmihana-Ngāwhare", words: "", stuck });
  await store.note({ writer, language: "mi", children: [{ id: "0", name: "Aroha" }] });
}"""


def _keep_praise(page: Page) -> None:
    """Two things that wait, one of them for its writer, and no connection to send them."""
    page.evaluate(KEEP, arg=True)
    page.context.clear_cookies(name="commsbridge")
    page.evaluate("showList()")
    page.locator("#waits-list li").nth(1).wait_for()


def _keep_for_later(page: Page) -> None:
    page.evaluate(KEEP, arg=False)
    page.evaluate("showStrip(0)")
    page.locator(".waits").wait_for()


def _sign_out_with_praise(page: Page) -> None:
    _keep_for_later(page)
    _open_menu(page)
    page.locator("form[data-leaves] button").click()
    page.locator("#unsent-leave[open]").wait_for()


def _read_roll(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(ROSTER)
    page.locator("main form button[type=submit]").first.click()
    page.locator("#report").wait_for()


def _write_badly(page: Page) -> None:
    page.locator("#text_mi").fill("Ka pai te mähi.")
    page.locator("button[value=approve]").click()
    page.locator("[role=alert]").wait_for()


def _look_at_notice(page: Page) -> None:
    page.locator("#words_mi").fill("Mauria mai ngā hū oma āpōpō.")
    page.locator("#words_en").fill("Please bring running shoes tomorrow.")
    page.locator("button[value=look]").click()
    page.locator("#outlook").wait_for()


def _notice(album: Album) -> str:
    """A message to the family of one child, sent once."""
    if "notice" not in album.paths:
        child = album.children["Aroha Kereama"]
        draft = messages.NoticeDraft(messages.Audience.FAMILY, child.id, words_en="Please bring running shoes.")
        with album.story.work("burns") as work:
            sent = messages.send_notice(work, draft, [child], links=album.house.runtime.links)
        album.paths["notice"] = f"/messages/{sent.id}"
    return album.paths["notice"]


def _book(rest: str) -> Callable[[Album], str]:
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


def _same_words(album: Album) -> str:
    """The same words in several books, with another book to put them in."""
    at = _book("/several")(album)
    with album.story.work("leota") as work:
        template = books.template_named(work, "goals")
        if len(books.books_of(work, [album.children["Hēmi Parata"].id])) < 1:
            books.begin_book(work, album.children["Hēmi Parata"], template, rhythm=Rhythm.DAILY)
    return at


def _show_each(page: Page) -> None:
    page.locator("[name=to]").first.check()
    page.locator("textarea").first.fill("(name) made a raft of sticks, and it floated.")
    page.locator("button[value=preview]").click()
    page.locator("#pages").wait_for()


def _family(*, door: bool = False) -> Callable[[Album], str]:
    """The page of Hine behind the link that a page of Hēmi's book brought; unless it is the ``door``, on her phone."""

    def path(album: Album) -> str:
        if "family" not in album.paths:
            _asked_for_support(album)
            _shared(album)
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


def _asked_for_support(album: Album) -> str:
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


def _plan(album: Album) -> str:
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
            for seen, item in enumerate(written, start=1):
                plans.keep_item(work, plan, item, seen=seen)
            hine = album.story.contacts["hine"]
            last = plans.write_from_home(work, plan, hine, Part.GOAL, "Kia moe ia i te whare o tana kuia.")
            plans.agree(work, plan, number=last.number)
        album.paths["plan"] = f"/students/{child.id}/plan"
    return album.paths["plan"]


def _together(album: Album) -> str:
    """A child with a plan and a request that goes on."""
    _asked_for_support(album)
    return _plan(album).replace("/plan", "/partnership")


def _shared(album: Album) -> str:
    """A plan of which something is shared with a specialist, by the yes of one home."""
    at = _plan(album).replace("/plan", "/specialists")
    if "specialist" not in album.paths:
        with album.story.work("leota") as work:
            until = schools.today(work) + timedelta(days=30)
            why = "To see what he likes to talk about, before she comes to the hui."
            ana = Offer("Ana Tau", "Speech-language therapist", why, list(SharedPart), until)
            mele = Offer("Mele Fonua", "RTLB of our cluster", why, [SharedPart.GOALS], until)
            share = specialists.offer(work, album.children["Hēmi Parata"], ana)
            specialists.offer(work, album.children["Hēmi Parata"], mele)
            specialists.say_yes(work, share.id, album.story.contacts["hine"].id)
            key = specialists.make_key(work, share.id)
            proof = specialists.prove(work, share, key.code)
            specialists.look(work, share)
        album.paths["specialist"], album.paths["specialist-proof"] = f"/with/{key.secret}", proof or ""
    return at


def _link(album: Album) -> tuple[str, str]:
    _shared(album)
    return album.paths["specialist"], album.paths["specialist-proof"]


def _proven(album: Album) -> str:
    at, proof = _link(album)
    return f"{at}?reo={album.language}#{proof}"


def _as_guest(page: Page) -> None:
    """A device that proved itself before; the proof comes after the # and never leaves the browser."""
    address, _, proof = page.url.partition("#")
    page.context.add_cookies([{"name": "specialist", "value": proof, "url": address.partition("/with/")[0] + "/with/"}])
    page.goto(address)


def _share_nothing(page: Page) -> None:
    page.locator("#name").fill("Ana Tau")
    page.locator("#role").fill("Speech-language therapist")
    page.locator("#why").fill("She asked.")
    page.locator("#until_on").fill("2026-12-01")
    page.locator("form:has(#why) button[type=submit]").click()
    page.locator("[role=alert]").wait_for()


def _open_plan(page: Page) -> None:
    page.locator("details.write summary").nth(2).click()
    page.locator("details:not(.write) summary").last.click()


def _write_nothing_in_the_plan(page: Page) -> None:
    page.locator("details.write summary").last.click()
    page.locator("#words-new").evaluate("field => field.removeAttribute('required')")
    page.locator("form:has(#words-new) button[type=submit]").click()
    page.locator("[role=alert]").wait_for()


def _open_request(page: Page) -> None:
    page.locator("article details").first.locator("summary").click()
    page.locator("article details").nth(1).locator("summary").click()
    page.locator("#who ~ * details, details").last.locator("summary").click()


def _ask_without_a_yes(page: Page) -> None:
    page.locator("details.write summary").last.click()
    page.locator("#words").fill("Words and pictures for what comes next.")
    page.locator("form[action$='/support'] button[type=submit]").click()
    page.locator("[role=alert]").wait_for()


def _on_her_phone(rest: str = "") -> Callable[[Page], None]:
    """The phone has proved itself before: the proof comes after the # and never leaves the browser."""

    def come(page: Page) -> None:
        address, _, proof = page.url.partition("#")
        page.context.add_cookies([{"name": "whanau", "value": proof, "url": address.partition("/w/")[0] + "/w/"}])
        path, _, asked = address.partition("?")
        page.goto(f"{path}{rest}?{asked}")

    return come


def _misspell(page: Page) -> None:
    page.locator("#words_mi").fill("I panui ia ki nga tamariki i raro i te pōhutukawa.")
    page.locator("main .btn:not(.q):not(.t)").click()
    page.locator("[role=alert]").wait_for()


def _write_own_words(page: Page) -> None:
    page.locator("#value-own").check(force=True)
    page.locator("#own_words").fill("She made room on the mat.")
    page.locator("[name=te_reo_first]").wait_for()


def _open_menu(page: Page) -> None:
    page.locator("details.menu summary").click()


def _a_reply_with_pictures(album: Album) -> str:
    """The page of the newest reply; a picture came with it, and something that is none."""
    path = _a_reply(album).removesuffix("/move")
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


def _a_reply(album: Album) -> str:
    with album.story.work() as work:
        children = [child.id for child in album.children.values()]
        newest, _ = conversations.replies_about(work, children, waiting=False, limit=1)[0]
    return f"/replies/{newest.id}/move"


def _read_to_a_child(album: Album) -> str:
    with album.story.work() as work:
        children = [child.id for child in album.children.values()]
        newest, about = conversations.replies_about(work, children, waiting=False, limit=1)[0]
    return f"/replies/{newest.id}/child/{about.student_id}"


def _answer_it(page: Page) -> None:
    page.get_by_role("button", name="Answer").or_(page.locator("form[action$='/claim'] button")).first.click()
    page.locator("#words").fill("Camp is on Friday. Bring a hat and a warm jersey.")
    page.locator("button[value=preview]").click()
    page.locator(".bub").wait_for()


SHEETS: dict[str, Sheet] = {
    "sign-in": Sheet(_at("/sign-in"), who=None),
    "sign-in-wrong": Sheet(_at("/sign-in"), who=None, then=_fill_wrong_password, status=403),
    "choose-school": Sheet(_at("/school"), who="kiri"),
    "reset-ask": Sheet(_at("/password/forgotten"), who=None),
    "reset-asked": Sheet(_at("/password/forgotten"), who=None, then=_ask_reset),
    "reset-set": Sheet(_new_password, who=None),
    "signed-out": Sheet(_student("Aroha Kereama", "/praise"), then=_lose_the_sign_in, status=403),
    "carried": Sheet(_student("Aroha Kereama", "/praise"), then=_sign_in_again),
    "confirm": Sheet(_at("/confirm?next=/contacts")),
    "today": Sheet(_at("/today")),
    "today-menu": Sheet(_at("/today"), who="jan", then=_open_menu),
    "today-empty": Sheet(_at("/today"), who="new"),
    "today-one": Sheet(_at("/today"), who="one"),
    "today-forty": Sheet(_at("/today"), who="forty"),
    "students": Sheet(_at("/students")),
    "school": Sheet(_at("/at-school"), who="burns"),
    "school-kaiako": Sheet(_at("/at-school")),
    "reply": Sheet(_a_reply_with_pictures, who="burns", then=_answer_it),
    "away": Sheet(_at("/away"), who="burns"),
    "answering": Sheet(_at("/school/answering"), who="burns"),
    "found": Sheet(_at("/replies"), then=_find_from_the_bar),
    "keys": Sheet(_at("/replies"), who="burns", then=_show_keys),
    "students-forty": Sheet(_at("/students"), who="forty"),
    "students-nobody": Sheet(_at("/students?q=zzz")),
    "students-choose": Sheet(_at("/students?choose=praise&q=ha")),
    "student": Sheet(_student("Aroha Kereama")),
    "student-write": Sheet(_student("Hēmi Parata"), then=_open_write),
    "student-limits": Sheet(_student("Aroha Kereama"), who="leota"),
    "student-nobody": Sheet(_student(NOBODY)),
    "student-search": Sheet(_student("Aroha Kereama", "?q=dinosaur")),
    "about": Sheet(_student("Aroha Kereama", "/about")),
    "about-wrong": Sheet(_student("Hēmi Parata", "/about"), then=_say_without_saying_who, status=400),
    "books": Sheet(_student("Aroha Kereama", "/books")),
    "book": Sheet(_book("")),
    "book-page": Sheet(_book("/page")),
    "book-page-asked": Sheet(_book("/page"), then=_send_home_naming_another, status=409),
    "contact-copy": Sheet(_contact_copy, who="burns"),
    "asked-copy": Sheet(_asked_copy, who="burns"),
    "child-page": Sheet(_alone, who=None, then=_point, status=400),
    "child-over": Sheet(_at("/mine?said=yes"), who=None),
    "book-setup": Sheet(_book("/kept")),
    "book-copies": Sheet(_book("/copies")),
    "book-several": Sheet(_same_words, then=_show_each),
    "book-templates": Sheet(_at("/at-school/books"), who="burns"),
    "book-template": Sheet(_at("/at-school/books/care_day"), who="burns"),
    "family-door": Sheet(_family(door=True), who=None),
    "family": Sheet(_family(), who=None, then=_on_her_phone()),
    "family-choices": Sheet(_family(), who=None, then=_on_her_phone("/choices")),
    "plan": Sheet(_plan, then=_open_plan),
    "plan-new": Sheet(_student("Aroha Kereama", "/plan"), who="leota"),
    "plan-wrong": Sheet(_plan, then=_write_nothing_in_the_plan, status=400),
    "family-plan": Sheet(_family(), who=None, then=_on_her_phone("/plan")),
    "partnership": Sheet(_together, who="leota"),
    "family-partnership": Sheet(_family(), who=None, then=_on_her_phone("/partnership")),
    "family-support": Sheet(_family(), who=None, then=_on_her_phone("/support")),
    "specialists": Sheet(_shared, who="leota"),
    "specialists-wrong": Sheet(_shared, who="leota", then=_share_nothing, status=400),
    "family-specialists": Sheet(_family(), who=None, then=_on_her_phone("/specialists")),
    "specialist-door": Sheet(lambda album: f"{_link(album)[0]}?reo={album.language}", who=None),
    "specialist": Sheet(
        lambda album: f"{_link(album)[0]}?reo={album.language}#{_link(album)[1]}", who=None, then=_as_guest
    ),
    "hui-list": Sheet(_student("Hēmi Parata", "/hui")),
    "hui": Sheet(hui_sheets.asked, then=hui_sheets.unfold),
    "hui-room": Sheet(hui_sheets.room(sent=False), then=hui_sheets.unfold),
    "hui-minutes": Sheet(hui_sheets.room(sent=True), then=hui_sheets.unfold),
    "family-hui": Sheet(hui_sheets.at_home(hui_sheets.asked, _family()), who=None, then=hui_sheets.come),
    "family-hui-minutes": Sheet(
        hui_sheets.at_home(lambda album: hui_sheets.held(album, sent=True), _family()), who=None, then=hui_sheets.come
    ),
    "support-directory": Sheet(_at("/at-school/support"), who="burns"),
    "find-support": Sheet(lambda album: f"/find-support?reo={album.language}", who=None),
    "help-now": Sheet(lambda album: f"/help-now?reo={album.language}", who=None),
    "student-support": Sheet(_asked_for_support, then=_open_request),
    "student-support-wrong": Sheet(_asked_for_support, then=_ask_without_a_yes, status=400),
    "photo-permission": Sheet(_student("Aroha Kereama", "/photo-permission"), who="jan"),
    "praise": Sheet(_student("Aroha Kereama", "/praise")),
    "praise-chosen": Sheet(_chosen),
    "praise-question": Sheet(_student("Aroha Kereama", "/praise"), then=_name_another_child, status=409),
    "praise-hint": Sheet(_student("Aroha Kereama", "/praise"), then=_sting),
    "praise-wrong": Sheet(_student("Hēmi Parata", "/praise"), then=_send_nothing, status=400),
    "praise-nobody": Sheet(_student(NOBODY, "/praise")),
    "praise-later": Sheet(_student("Hēmi Parata", "/praise"), then=_choose_later),
    "several-choose": Sheet(_at("/praise/several")),
    "several-nobody": Sheet(_at("/praise/several?go=yes"), who="forty"),
    "several": Sheet(_several("Aroha Kereama", "Hēmi Parata", "Caleb Hughes"), then=_write_for_several),
    "sent-several": Sheet(lambda album: f"/praise/together/{album.kept['together']}"),
    "praise-photo": Sheet(_student("Aroha Kereama", "/praise"), then=_choose_photo),
    "praise-photo-question": Sheet(_student("Aroha Kereama", "/praise"), then=_with_photo, status=409),
    "photo": Sheet(lambda album: f"{album.paths['photo']}?reo={album.language}", who=None),
    "waiting": Sheet(_at("/waiting")),
    "waiting-nothing": Sheet(_at("/waiting"), who="one"),
    "sent": Sheet(lambda album: f"/praise/{album.kept['sent']}"),
    "sent-over": Sheet(lambda album: f"/praise/{album.kept['over']}"),
    "replies": Sheet(_at("/replies")),
    "profile": Sheet(_student("Hēmi Parata", "/profile")),
    "child-answer": Sheet(_read_to_a_child, who="burns"),
    "reply-move": Sheet(_a_reply, who="burns"),
    "replies-empty": Sheet(_at("/replies"), who="one"),
    "parked": Sheet(_at("/parked"), who="jan"),
    "slowed": Sheet(_at("/replies/slowed"), who="burns"),
    "safety": Sheet(_at("/safety"), who="burns"),
    "safety-new": Sheet(lambda album: f"/safety/{album.kept['worry']}", who="burns"),
    "safety-message": Sheet(lambda album: f"/safety/{album.kept['worry-opened']}", who="burns"),
    "safety-watch": Sheet(_at("/school/safety"), who="burns"),
    "contacts": Sheet(_at("/contacts"), who="jan"),
    "contact": Sheet(_contact("hine"), who="jan"),
    "contact-limits": Sheet(_contact("rangi"), who="leota"),
    "contact-new": Sheet(_student("Aroha Kereama", "/contacts/new"), who="jan"),
    "notices": Sheet(_at("/messages"), who="burns"),
    "notice-new": Sheet(_at("/messages/new?to=school"), who="burns", then=_look_at_notice),
    "notice": Sheet(_notice, who="burns"),
    "sending": Sheet(_at("/school/sending"), who="burns"),
    "reports": Sheet(_at("/reports?against=yes"), who="burns"),
    "report-level": Sheet(_at("/reports?level=5&all=yes"), who="burns"),
    "report-last-term": Sheet(_at("/reports?span=last_term"), who="burns"),
    "report-behind-reached": Sheet(_at("/reports/behind/reached"), who="burns"),
    "report-behind": Sheet(_at("/reports/behind/heard"), who="burns"),
    "report-counted": Sheet(_at("/reports/counted/sent"), who="burns"),
    "report-class": Sheet(_class("Room 7", "?against=yes")),
    "report-mails": Sheet(_at("/reports/mails"), who="burns"),
    "report-voice": Sheet(_at("/reports/voice"), who="burns"),
    "report-wrong-days": Sheet(_at("/reports?span=dates"), who="burns", status=400),
    "report-mine": Sheet(_at("/reports/mine?against=yes")),
    "report-student": Sheet(_student("Aroha Kereama", "/report?against=yes")),
    "deliveries": Sheet(_at("/deliveries"), who="burns"),
    "contact-wishes": Sheet(lambda album: f"/contacts/{album.story.contacts['ngaire'].id}/wishes", who="jan"),
    "contact-whole": Sheet(lambda album: f"/contacts/{album.story.contacts['ngaire'].id}/whole", who="jan"),
    "concern": Sheet(_student("Aroha Kereama", "/concern")),
    "hard-day-wrong": Sheet(_student("Aroha Kereama", "/concern?kind=hard_day"), then=_send_unrung, status=400),
    "concern-waits": Sheet(lambda album: f"/concerns/{album.kept['concern']}", who="leota"),
    "hard-day-told": Sheet(lambda album: f"/concerns/{album.kept['hard_day']}"),
    "hard-day-student": Sheet(_student("Isaac Tupou")),
    "hard-day-pause": Sheet(_student("Isaac Tupou", "/pause")),
    "concerns": Sheet(_at("/concerns"), who="leota"),
    "care": Sheet(_at("/care"), who="leota"),
    "pause": Sheet(_student("Sefa Leota", "/pause")),
    "to-do": Sheet(_at("/to-do"), who="jan"),
    "import": Sheet(_at("/roll"), who="jan"),
    "import-report": Sheet(_at("/roll"), who="jan", then=_read_roll),
    "prompts": Sheet(_at("/prompts"), who="forty"),
    "prompt-week": Sheet(_at("/prompts/week?times=2&whom=all"), who="forty"),
    "prompt-mirror": Sheet(_at("/prompts/mine")),
    "prompt-rules": Sheet(_at("/prompts/school"), who="burns"),
    "prompt-own": Sheet(_at("/prompts/own"), who="forty"),
    "devices": Sheet(_at("/devices"), who="forty"),
    "groups": Sheet(_at("/groups"), who="forty"),
    "target": Sheet(_student("Aroha Kereama", "/target")),
    "prompts-new": Sheet(_at("/prompts")),
    "phone": Sheet(_at("/phone"), who="forty"),
    "phone-wrong": Sheet(_at("/phone"), then=_prove_wrongly, status=400),
    "calendar": Sheet(_at("/calendar"), who="walsh"),
    "calendar-office": Sheet(_at("/calendar"), who="jan", then=_close_no_day, status=400),
    "calendar-file": Sheet(_at("/calendar"), who="jan", then=_read_calendar),
    "staff": Sheet(_at("/staff"), who="burns"),
    "staff-new": Sheet(_at("/staff/new"), who="burns"),
    "staff-one": Sheet(lambda album: f"/staff/{album.staff['fox'].id}", who="burns"),
    "te-reo": Sheet(_at("/te-reo"), who="burns"),
    "phrases": Sheet(_at("/phrases"), who="leota"),
    "phrase-new": Sheet(_at("/phrases/new"), who="leota", then=_write_long_phrase),
    "work-on": Sheet(_student("Aroha Kereama", "/work-on")),
    "te-reo-written": Sheet(_at("/te-reo/written"), who="burns"),
    "te-reo-only-checked": Sheet(_at("/te-reo/only-checked"), who="burns"),
    "wordings": Sheet(_at("/te-reo/wordings?q=ka+pai"), who="speaker"),
    "wording-desk": Sheet(_at("/te-reo/desk"), who="speaker"),
    "wording-desk-rejected": Sheet(lambda album: f"/te-reo/desk?key={album.paths['rejected']}", who="speaker"),
    "wording-desk-wrong": Sheet(_at("/te-reo/desk"), who="speaker", then=_write_badly, status=400),
    "wording-files": Sheet(_at("/te-reo/files"), who="burns"),
    "translation-desk": Sheet(_at("/te-reo/translate"), who="speaker"),
    "translate": Sheet(lambda album: album.paths["translate"], who="speaker"),
    "translate-wrong": Sheet(lambda album: album.paths["translate"], who="speaker", then=_misspell, status=400),
    "translators": Sheet(_at("/te-reo/translators"), who="burns"),
    "praise-te-reo-first": Sheet(_student("Anahera Ngata", "/praise"), then=_write_own_words),
    "change": Sheet(lambda album: f"{album.paths['change']}?reo={album.language}", who=None),
    "concern-page": Sheet(lambda album: f"{album.paths['concern']}?reo={album.language}", who=None),
    "concern-answered": Sheet(lambda album: f"{album.paths['concern']}?reo={album.language}&answered=yes", who=None),
    "note": Sheet(lambda album: f"{album.paths['note']}?reo={album.language}", who=None),
    "unsent": Sheet(_at("/unsent"), then=_keep_praise),
    "unsent-nothing": Sheet(_at("/unsent"), who=None),
    "unsent-strip": Sheet(_at("/students"), who="one", then=_keep_for_later),
    "leaving": Sheet(_at("/replies"), who="one", then=_sign_out_with_praise),
    "not-found": Sheet(_at("/nowhere"), status=404),
    "not-allowed": Sheet(_at("/roll"), status=403),
    "bug": Sheet(_at(SPARK), status=500),
    "words-kept": Sheet(_student("Aroha Kereama", "/praise"), then=_lose_the_form, status=400),
    "design": Sheet(_at("/design")),
    "town": Sheet(_at("/"), who=None, speaks="en", town=True),
    "town-phone": Sheet(_at(f"/phones/{KUIA}"), who=None, speaks="en", town=True),
    "town-mailbox": Sheet(_at(f"/mailboxes/{FATHER}"), who=None, speaks="en", town=True),
    "town-misbehave": Sheet(_at("/misbehave"), who=None, speaks="en", town=True),
    "town-wrong": Sheet(_at("/nowhere"), who=None, speaks="en", town=True, status=404),
}
