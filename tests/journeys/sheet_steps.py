"""What is done on a page before it is looked at: a form sent wrongly, a menu opened, a photo chosen."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.doors.pages import PASSWORD

# The page's own first round is waited for: it would send what is put before it.
KEEP = """async stuck => {
  await begun;
  const { writer } = await (await fetch("/here")).json();
  const item = { writer, url: "/students/0/praise", fields: [], about: "Aroha", at: Date.now() };
  await store.add({ ...item, key: "1", words: "He kōrero pai tāna i te karakia.", stuck: false });
  if (stuck) await store.add({ ...item, key: "2", about: "Te Ariki-Wharepapa Tāmihana-Ngāwhare", words: "", stuck });
  const sections = [{ id: "0", title: "I pai" }];
  const books = [{ url: "/books/0/page", about: "Aroha · Te rā kura", sections }];
  await store.note({ writer, language: "mi", children: [{ id: "0", name: "Aroha" }], books });
}"""


ROSTER = Path(__file__).parents[1] / "labelled" / "roster_300.csv"


def close_no_day(page: Page) -> None:
    page.locator("#closed_on").fill("2026-11-17")
    page.locator("#why").evaluate("field => field.removeAttribute('required')")
    page.locator("form:has(#closed_on) button").click()
    page.locator("#wrong-why").wait_for()


def read_calendar(page: Page) -> None:
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


def fill_wrong_password(page: Page) -> None:
    page.locator("#email").fill(f"{uuid.uuid4().hex[:8]}@rimu.test")
    page.locator("#password").fill("not this one")
    page.locator("form.leaf button[type=submit]").click()


def ask_reset(page: Page) -> None:
    page.locator("#email").fill(f"{uuid.uuid4().hex[:8]}@rimu.test")
    page.locator("form.leaf button[type=submit]").click()


def name_another_child(page: Page) -> None:
    page.locator("#own_words").fill("Aroha and Hēmi built a bridge together.")
    page.locator("button[value=send]").click()
    page.locator("[role=alert]").wait_for()


def send_home_naming_another(page: Page) -> None:
    """The page names Wī: it asks before it goes; what helps stands open above."""
    page.locator("form[action$='/home#home'] button").click()
    page.locator("[role=alert]").wait_for()
    page.locator("main details summary").first.click()


def point(page: Page) -> None:
    """The child has pointed at a picture and not said yet who may see it."""
    address, _, secret = page.url.partition("#")
    page.context.add_cookies([{"name": "mine", "value": secret, "url": address}])
    page.goto(address)
    page.locator("main.childs input[type=checkbox]").first.check()
    page.locator("main.childs form button[type=submit]").first.click()
    page.locator("[role=alert]").wait_for()


def send_nothing(page: Page) -> None:
    page.locator("button[value=send]").click()
    page.locator("[role=alert]").wait_for()


def open_write(page: Page) -> None:
    page.locator("details.write summary").click()


def send_unrung(page: Page) -> None:
    page.locator("#happened").fill("At lunch she was hurt in a game.")
    page.locator("button[value=send]").click()
    page.locator("[role=alert]").wait_for()


def sting(page: Page) -> None:
    """A hint stands under the field; the page is itself again below it."""
    page.locator("#own_words").fill("She listened for once.")
    page.locator(".hinting .note").wait_for()


def prove_wrongly(page: Page) -> None:
    page.locator("#number").fill("09 555 0100")
    page.locator("form:has(#number) button").click()
    page.locator("#wrong-number").wait_for()


def lose_the_form(page: Page) -> None:
    """A form whose token is gone, sent with words in it."""
    page.locator("#own_words").fill("She shared her pencils.")
    page.locator("form#praise [name=csrf_token]").evaluate("field => field.value = ''")
    page.locator("button[value=send]").click()
    page.locator("#kept").wait_for()


def lose_the_sign_in(page: Page) -> None:
    """The sign-in ends while somebody writes."""
    page.locator("#own_words").fill("She shared her pencils.")
    page.context.clear_cookies(name="commsbridge")
    page.locator("button[value=send]").click()
    page.locator("[name=carried]").first.wait_for(state="attached")


def sign_in_again(page: Page) -> None:
    """And they come back in; a file that stays behind holds the page still, or it would go on by itself."""
    page.locator("form#praise").evaluate(
        """form => {
          form.enctype = "multipart/form-data";
          form.insertAdjacentHTML("beforeend", '<input type="file" name="picture">');
        }"""
    )
    page.locator("[name=picture]").set_input_files(ROSTER)
    lose_the_sign_in(page)
    page.locator("#email").fill("walsh@rimu.test")
    page.locator("#password").fill(PASSWORD)
    page.locator("form.leaf button[type=submit]").click()
    page.locator("form[action$=praise]").wait_for()


def say_without_saying_who(page: Page) -> None:
    page.locator("#words-helps").fill("Sit him beside the window.")
    page.locator("form:has(#words-helps) button[type=submit]").click()
    page.locator("[role=alert]").wait_for()


def write_long_phrase(page: Page) -> None:
    page.locator("#text_mi").fill("I āwhina a {name} i te katoa ki te kimi i ō rātou pōtae kōwhai.")
    page.locator("[data-whole] .note").wait_for()


def write_for_several(page: Page) -> None:
    page.locator("#own_words").fill("(name) built a bridge of sticks that held a brick.")
    page.locator("#previews", has_text="Caleb built a bridge").wait_for()


def choose_photo(page: Page) -> None:
    page.locator("details.later summary", has=page.locator("svg")).first.click()


def with_photo(page: Page) -> None:
    """A photo of a drawing, chosen and seen before it goes."""
    choose_photo(page)
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((640, 420)).save(drawn, "PNG")
    page.locator("#photo").set_input_files({"name": "dragon.png", "mimeType": "image/png", "buffer": drawn.getvalue()})
    page.locator("#photo_shows-work").focus()
    page.keyboard.press("Space")
    page.locator("#photo_alt").fill("A dragon drawn with charcoal")
    page.locator("#own_words").fill("Three days of drawing, and then this dragon about Hēmi.")
    page.locator("button[value=send]").click()
    page.locator("img.photo").wait_for()


def choose_later(page: Page) -> None:
    page.locator("details.later summary").last.click()


def find_from_the_bar(page: Page) -> None:
    """On a desk one types into the bar; on a phone there is no bar to type into."""
    seek = page.locator("#seek")
    if seek.is_visible():
        seek.press_sequentially("a")
        page.locator("#found-few a").first.wait_for()


def show_keys(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()


def keep_praise(page: Page) -> None:
    """Two things that wait, one of them for its writer, and no connection to send them."""
    page.evaluate(KEEP, arg=True)
    page.context.clear_cookies(name="commsbridge")
    page.evaluate("Promise.all([showList(), showPages()])")
    page.locator("#waits-list li").nth(1).wait_for()


def keep_for_later(page: Page) -> None:
    page.evaluate(KEEP, arg=False)
    page.evaluate("showStrip(0)")
    page.locator(".waits").wait_for()


def sign_out_with_praise(page: Page) -> None:
    keep_for_later(page)
    open_menu(page)
    page.locator("form[data-leaves] button").click()
    page.locator("#unsent-leave[open]").wait_for()


def read_roll(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(ROSTER)
    page.locator("main form button[type=submit]").first.click()
    page.locator("#report").wait_for()


def write_badly(page: Page) -> None:
    page.locator("#text_mi").fill("Ka pai te mähi.")
    page.locator("button[value=approve]").click()
    page.locator("[role=alert]").wait_for()


def look_at_notice(page: Page) -> None:
    page.locator("#words_mi").fill("Mauria mai ngā hū oma āpōpō.")
    page.locator("#words_en").fill("Please bring running shoes tomorrow.")
    page.locator("button[value=look]").click()
    page.locator("#outlook").wait_for()


def show_each(page: Page) -> None:
    page.locator("[name=to]").first.check()
    page.locator("textarea").first.fill("(name) made a raft of sticks, and it floated.")
    page.locator("button[value=preview]").click()
    page.locator("#pages").wait_for()


def as_guest(page: Page) -> None:
    """A device that proved itself before; the proof comes after the # and never leaves the browser."""
    address, _, proof = page.url.partition("#")
    page.context.add_cookies([{"name": "specialist", "value": proof, "url": address.partition("/with/")[0] + "/with/"}])
    page.goto(address)


def share_nothing(page: Page) -> None:
    page.locator("#name").fill("Ana Tau")
    page.locator("#role").fill("Speech-language therapist")
    page.locator("#why").fill("She asked.")
    page.locator("#until_on").fill("2026-12-01")
    page.locator("form:has(#why) button[type=submit]").click()
    page.locator("[role=alert]").wait_for()


def open_plan(page: Page) -> None:
    page.locator("details.write summary").nth(2).click()
    page.locator("section[aria-labelledby=history] summary").click()


def write_nothing_in_the_plan(page: Page) -> None:
    page.locator("details.write summary").last.click()
    page.locator("#words-new").evaluate("field => field.removeAttribute('required')")
    page.locator("form:has(#words-new) button[type=submit]").click()
    page.locator("[role=alert]").wait_for()


def open_request(page: Page) -> None:
    page.locator("article details").first.locator("summary").click()
    page.locator("article details").nth(1).locator("summary").click()
    page.locator("#who ~ * details, details").last.locator("summary").click()


def ask_without_a_yes(page: Page) -> None:
    page.locator("details.write summary").last.click()
    page.locator("#words").fill("Words and pictures for what comes next.")
    page.locator("form[action$='/support'] button[type=submit]").click()
    page.locator("[role=alert]").wait_for()


def on_her_phone(rest: str = "") -> Callable[[Page], None]:
    """The phone has proved itself before: the proof comes after the # and never leaves the browser."""

    def come(page: Page) -> None:
        address, _, proof = page.url.partition("#")
        page.context.add_cookies([{"name": "whanau", "value": proof, "url": address.partition("/w/")[0] + "/w/"}])
        path, _, asked = address.partition("?")
        page.goto(f"{path}{rest}?{asked}")

    return come


def misspell(page: Page) -> None:
    page.locator("#words_mi").fill("I panui ia ki nga tamariki i raro i te pōhutukawa.")
    page.locator("main .btn:not(.q):not(.t)").click()
    page.locator("[role=alert]").wait_for()


def write_own_words(page: Page) -> None:
    page.locator("#value-own").check(force=True)
    page.locator("#own_words").fill("She made room on the mat.")
    page.locator("[name=te_reo_first]").wait_for()


def open_menu(page: Page) -> None:
    page.locator("details.menu summary").click()


def answer_it(page: Page) -> None:
    page.get_by_role("button", name="Answer").or_(page.locator("form[action$='/claim'] button")).first.click()
    page.locator("#words").fill("Camp is on Friday. Bring a hat and a warm jersey.")
    page.locator("button[value=preview]").click()
    page.locator(".bub").wait_for()
