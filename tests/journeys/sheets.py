"""Every page of the service, how one comes to it, and what is looked for on each."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response

from commsbridge import messages, schools
from commsbridge.foundation.language import Language
from commsbridge.web import POLICY
from tests.journeys.album import FATHER, KUIA, NOBODY, Album
from tests.journeys.browser import DESK, PHONE, Device, make_device
from tests.journeys.house import SPARK

HERE = Path(__file__).parent
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FACES = {"Bridge Hand", "Bridge Type"}
NARROW = 320
SHAPES = {"phone": PHONE, "desk": DESK}
LANG_TAGS = {"mi": "mi", "en": "en-NZ"}


@dataclass(frozen=True)
class Combination:
    """How a page is looked at."""

    shape: str
    scheme: str
    language: str

    def __str__(self) -> str:
        return f"{self.shape}-{self.scheme}-{self.language}"


COMBINATIONS = [Combination(*each) for each in product(SHAPES, ("light", "dark"), LANG_TAGS)]


@dataclass(frozen=True)
class Sheet:
    """One page: who looks at which path, what they do there first, and what the answer's status is.

    ``spoken`` is the language the page is in whatever its reader's is; ``town``: a page of the neighbourhood.
    """

    path: Callable[[Album], str]
    who: str | None = "walsh"
    then: Callable[[Page], None] | None = None
    status: int = 200
    spoken: str | None = None
    town: bool = False


def look(
    album: Album, browser: Browser, sheet: Sheet, combination: Combination, *, picture: Path | None = None
) -> list[str]:
    """Everything that is wrong with a page, in words; a picture of the whole page where one is asked for."""
    device = _device(album, browser, sheet, combination)
    try:
        answered = device.page.goto((album.house.town.url if sheet.town else album.house.url) + sheet.path(album))
        if sheet.then is not None:
            sheet.then(device.page)
        device.page.evaluate("document.fonts.ready.then(() => true)")
        # A window as tall as the page: what happens to be half under a sticky bar is not hidden from anybody.
        width = device.page.viewport_size["width"]
        device.page.set_viewport_size({"width": width, "height": device.page.evaluate(TALL)})
        if picture is not None:
            picture.parent.mkdir(parents=True, exist_ok=True)
            device.page.screenshot(path=picture, full_page=True)
        return [*_wrong_answers(device, sheet, answered), *_wrong_page(device, sheet, combination)]
    finally:
        device.context.close()


TALL = "document.documentElement.scrollHeight"


def _device(album: Album, browser: Browser, sheet: Sheet, combination: Combination) -> Device:
    key = None
    if sheet.who is not None:
        album.speak(sheet.who, Language(combination.language))
        key = album.key(sheet.who)
    device = make_device(
        browser, album.house.url, key=key, color_scheme=combination.scheme, **SHAPES[combination.shape]
    )
    device.context.add_cookies([{"name": "reo", "value": combination.language, "url": album.house.url}])
    return device


def _wrong_answers(device: Device, sheet: Sheet, answered: Response | None) -> Iterator[str]:
    last = [each for each in device.watch.answers if each.request.is_navigation_request()][-1]
    if last.status != sheet.status:
        yield f"the page answers {last.status}"
    if sheet.town:
        return
    for answer in device.watch.answers:
        yield from wrong_headers(answer)
    fetched = Counter(urlsplit(answer.url).path for answer in device.watch.answers if "/static/" in answer.url)
    if sheet.then is None:
        yield from (f"{path} was fetched {times} times" for path, times in fetched.items() if times > 1)


def wrong_headers(answer: Response) -> Iterator[str]:
    """What an answer's headers lack to be safe."""
    wanted = {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cache-control": "public, max-age=31536000, immutable" if "/static/" in answer.url else "no-store",
    }
    for header, value in wanted.items():
        if answer.headers.get(header) != value:
            yield f"{answer.url}: {header} is {answer.headers.get(header)}"


def _wrong_page(device: Device, sheet: Sheet, combination: Combination) -> Iterator[str]:
    page = device.page
    lang = sheet.spoken or LANG_TAGS[combination.language]
    if page.locator("html").get_attribute("lang") != lang:
        yield f"html lang is not {lang}"
    yield from _violations(page)
    if not sheet.town:
        yield from (f"drawn in {family}" for family in sorted(drawn_families(page) - FACES))
    yield from _scrolls(page)
    page.set_viewport_size({"width": NARROW, "height": 800})
    yield from _scrolls(page)
    yield from device.watch.complaints


def _violations(page: Page) -> list[str]:
    page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate(
        """tags => axe.run(document, {runOnly: tags, resultTypes: ["violations"], iframes: false})
        .then(result => result.violations)""",
        TAGS,
    )
    return [f"axe {each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}" for each in found]


@cache
def _axe() -> str:
    return (HERE / "axe.min.js").read_text("utf-8") + ";0"


def _scrolls(page: Page) -> Iterator[str]:
    over, wide = page.evaluate(
        """() => {
          const room = document.documentElement.clientWidth;
          const wide = [...document.querySelectorAll("body *")].filter(
            each => each.getBoundingClientRect().right > room && !each.closest(".pan, .skip, .sr"));
          return [document.documentElement.scrollWidth - room, wide.slice(-3).map(each => each.outerHTML.slice(0, 120))];
        }"""
    )
    if over > 0:
        yield f"scrolls sideways by {over} px at {page.viewport_size['width']} px: {wide}"


def drawn_families(page: Page) -> set[str]:
    """The typefaces that the browser really drew words with."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    nodes = session.send("DOM.getFlattenedDocument", {"depth": -1})["nodes"]
    holders = {node["parentId"] for node in nodes if node["nodeType"] == 3 and node["nodeValue"].strip()}
    families: set[str] = set()
    for node in holders:
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        families |= {font["familyName"] for font in fonts}
    session.detach()
    return families


# ways to pages


def _at(path: str) -> Callable[[Album], str]:
    return lambda album: path


def _student(name: str, rest: str = "") -> Callable[[Album], str]:
    return lambda album: f"/students/{album.children[name].id}{rest}"


def _contact(key: str) -> Callable[[Album], str]:
    return lambda album: f"/contacts/{album.story.contacts[key].id}"


def _chosen(album: Album) -> str:
    with album.story.work("walsh") as work:
        phrase = messages.offered_phrases(work, album.children["Aroha Kereama"])[2]
    return f"/students/{album.children['Aroha Kereama'].id}/praise?phrase={phrase.id}"


def _new_password(album: Album) -> str:
    with album.house.runtime.lobby() as lobby:
        link = schools.ask_reset(lobby, album.staff["burns"].email, from_address=str(uuid.uuid4()))
    assert link is not None
    return f"/password/new/{link.secret}"


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


def _send_nothing(page: Page) -> None:
    page.locator("button[value=send]").click()
    page.locator("[role=alert]").wait_for()


def _open_write(page: Page) -> None:
    page.locator("details.write summary").click()


def _lose_the_form(page: Page) -> None:
    """A form whose token is gone, sent with words in it."""
    page.locator("#own_words").fill("She shared her pencils.")
    page.locator("form#praise [name=csrf_token]").evaluate("field => field.value = ''")
    page.locator("button[value=send]").click()
    page.locator("#kept").wait_for()


def _read_roll(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(HERE.parent / "labelled" / "roster_300.csv")
    page.locator("main form button[type=submit]").first.click()
    page.locator("#report").wait_for()


def _open_menu(page: Page) -> None:
    page.locator("details.menu summary").click()


SHEETS: dict[str, Sheet] = {
    "sign-in": Sheet(_at("/sign-in"), who=None),
    "sign-in-wrong": Sheet(_at("/sign-in"), who=None, then=_fill_wrong_password, status=403),
    "choose-school": Sheet(_at("/school"), who="kiri"),
    "reset-ask": Sheet(_at("/password/forgotten"), who=None),
    "reset-asked": Sheet(_at("/password/forgotten"), who=None, then=_ask_reset),
    "reset-set": Sheet(_new_password, who=None),
    "confirm": Sheet(_at("/confirm?next=/contacts")),
    "today": Sheet(_at("/today")),
    "today-menu": Sheet(_at("/today"), who="jan", then=_open_menu),
    "today-empty": Sheet(_at("/today"), who="new"),
    "today-one": Sheet(_at("/today"), who="one"),
    "today-forty": Sheet(_at("/today"), who="forty"),
    "students": Sheet(_at("/students")),
    "students-forty": Sheet(_at("/students"), who="forty"),
    "students-nobody": Sheet(_at("/students?q=zzz")),
    "students-choose": Sheet(_at("/students?choose=praise&q=ha")),
    "student": Sheet(_student("Aroha Kereama")),
    "student-write": Sheet(_student("Hēmi Parata"), then=_open_write),
    "student-limits": Sheet(_student("Aroha Kereama"), who="leota"),
    "student-nobody": Sheet(_student(NOBODY)),
    "student-search": Sheet(_student("Aroha Kereama", "?q=dinosaur")),
    "praise": Sheet(_student("Aroha Kereama", "/praise")),
    "praise-chosen": Sheet(_chosen),
    "praise-question": Sheet(_student("Aroha Kereama", "/praise"), then=_name_another_child, status=409),
    "praise-wrong": Sheet(_student("Hēmi Parata", "/praise"), then=_send_nothing, status=400),
    "praise-nobody": Sheet(_student(NOBODY, "/praise")),
    "sent": Sheet(lambda album: f"/praise/{album.kept['sent']}"),
    "sent-over": Sheet(lambda album: f"/praise/{album.kept['over']}"),
    "replies": Sheet(_at("/replies")),
    "replies-empty": Sheet(_at("/replies"), who="one"),
    "parked": Sheet(_at("/parked"), who="jan"),
    "contacts": Sheet(_at("/contacts"), who="jan"),
    "contact": Sheet(_contact("hine"), who="jan"),
    "contact-limits": Sheet(_contact("rangi"), who="leota"),
    "contact-new": Sheet(_student("Aroha Kereama", "/contacts/new"), who="jan"),
    "pause": Sheet(_student("Sefa Leota", "/pause")),
    "to-do": Sheet(_at("/to-do"), who="jan"),
    "import": Sheet(_at("/roll"), who="jan"),
    "import-report": Sheet(_at("/roll"), who="jan", then=_read_roll),
    "staff": Sheet(_at("/staff"), who="burns"),
    "staff-new": Sheet(_at("/staff/new"), who="burns"),
    "staff-one": Sheet(lambda album: f"/staff/{album.staff['fox'].id}", who="burns"),
    "change": Sheet(lambda album: album.paths["change"], who=None, spoken="en-NZ"),
    "note": Sheet(lambda album: album.paths["note"], who=None, spoken="en-NZ"),
    "not-found": Sheet(_at("/nowhere"), status=404),
    "not-allowed": Sheet(_at("/roll"), status=403),
    "bug": Sheet(_at(SPARK), status=500),
    "words-kept": Sheet(_student("Aroha Kereama", "/praise"), then=_lose_the_form, status=400),
    "design": Sheet(_at("/design")),
    "town": Sheet(_at("/"), who=None, spoken="en-NZ", town=True),
    "town-phone": Sheet(_at(f"/phones/{KUIA}"), who=None, spoken="en-NZ", town=True),
    "town-mailbox": Sheet(_at(f"/mailboxes/{FATHER}"), who=None, spoken="en-NZ", town=True),
    "town-misbehave": Sheet(_at("/misbehave"), who=None, spoken="en-NZ", town=True),
    "town-wrong": Sheet(_at("/nowhere"), who=None, spoken="en-NZ", town=True, status=404),
}
