"""Looking at a page: axe, what the browser complains of, typefaces, widths, headers; and its picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page, Response

from commsbridge.foundation.language import Language
from commsbridge.web import POLICY, policy_within
from tests.journeys.album import Album
from tests.journeys.browser import DESK, PHONE, Watch, make_context, signed_in
from tests.journeys.sheets import Combination, Sheet

SHAPES = {"phone": PHONE, "desk": DESK}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FACES = {"Bridge Hand", "Bridge Type"}
LANG_TAGS = {"mi": "mi", "en": "en-NZ"}
# Spaces at a line's end and in a telephone number are the templates' business, and what was chosen several times
# travels on under one name.
# A style may stand in a page where the page's own policy names that very style (web/within.py).
RULES = {"no-trailing-whitespace": "off", "tel-non-breaking": "off", "form-dup-name": "off", "no-style-tag": "off"}
NARROW = 320
TABLET = 768
AXE = Path(__file__).parent / "axe.min.js"
VALIDATE = Path(__file__).parent / "html-validate.min.js"


@dataclass
class Eyes:
    """Whoever looks at the album: one window for each width and scheme, used again and again.

    ``sharp``: phones have two dots a pixel, for pictures.
    """

    album: Album
    browser: Browser
    sharp: bool = False
    _windows: dict[tuple[str, str], tuple[Page, Watch]] = field(default_factory=dict)
    _validator: Page | None = None

    def look(self, sheet: Sheet, combination: Combination, *, picture: Path | None = None) -> list[str]:
        """Everything that is wrong with a page, in words; a picture of the whole page where one is asked for."""
        page, watch = self._window(combination)
        self._come_as(page, sheet, combination)
        page.goto((self.album.house.town.url if sheet.town else self.album.house.url) + sheet.path(self.album))
        if sheet.then is not None:
            sheet.then(page)
        # What was pressed may still be leading to its page.
        page.wait_for_function("document.documentElement !== null && document.readyState === 'complete'")
        page.evaluate("document.fonts.ready.then(() => true)")
        _make_tall(page)
        if picture is not None:
            picture.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=picture, full_page=True)
        source = _last_page(watch).text()
        return [
            *_wrong_answers(watch, sheet),
            *([] if sheet.town else self._invalid(source)),
            *_wrong_page(page, combination),
            *watch.complaints,
        ]

    def _invalid(self, source: str) -> list[str]:
        """What html-validate's recommended rules say of a page's source; asked in a window of its own."""
        if self._validator is None:
            self._validator = make_context(self.browser).new_page()
            self._validator.evaluate(VALIDATE.read_text("utf-8") + ";0")
        found: list[str] = self._validator.evaluate("([html, rules]) => htmlValidate(html, rules)", [source, RULES])
        return found[:5]

    def close(self) -> None:
        """Close the windows."""
        for page, _watch in self._windows.values():
            page.context.close()
        if self._validator is not None:
            self._validator.context.close()

    def _window(self, combination: Combination) -> tuple[Page, Watch]:
        """The window of that width and scheme, as it was when it was new, and an empty watch over it."""
        kind, shape = (combination.shape, combination.scheme), SHAPES[combination.shape]
        if kind not in self._windows:
            watch = Watch()
            dots = 2 if self.sharp and combination.shape == "phone" else 1
            context = make_context(self.browser, color_scheme=combination.scheme, device_scale_factor=dots, **shape)
            self._windows[kind] = watch.over(context.new_page()), watch
        page, watch = self._windows[kind]
        page.goto("about:blank")
        page.set_viewport_size(shape["viewport"])
        watch.complaints.clear()
        watch.answers.clear()
        return page, watch

    def _come_as(self, page: Page, sheet: Sheet, combination: Combination) -> None:
        """As the person and in the language of this look, and as nobody before."""
        context = page.context
        url = self.album.house.url
        context.clear_cookies()
        session = context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "indexeddb"})
        session.detach()
        context.add_cookies([{"name": "reo", "value": combination.language, "url": url}])
        self.album.language = combination.language
        if sheet.who is not None:
            self.album.speak(sheet.who, Language(combination.language))
            signed_in(context, url, self.album.key(sheet.who))


def _make_tall(page: Page) -> None:
    """A window as tall as the page: what happens to be half under a sticky bar is not hidden from anybody."""
    assert page.viewport_size is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})


def _last_page(watch: Watch) -> Response:
    return [each for each in watch.answers if each.request.is_navigation_request()][-1]


def _wrong_answers(watch: Watch, sheet: Sheet) -> Iterator[str]:
    last = _last_page(watch)
    if last.status != sheet.status:
        yield f"the page answers {last.status}"
    if sheet.town:
        return
    for answer in watch.answers:
        yield from wrong_headers(answer.url, answer.headers)
    fetched = Counter(urlsplit(answer.url).path for answer in watch.answers if "/static/" in answer.url)
    if sheet.then is None:
        yield from (f"{path} was fetched {times} times" for path, times in fetched.items() if times > 1)


def wrong_headers(url: str, headers: Mapping[str, str]) -> Iterator[str]:
    """What an answer's headers lack to be safe; their names are written small."""
    policy = headers.get("content-security-policy")
    wanted = {
        "content-security-policy": policy_within() if policy == policy_within() else POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        **({} if "/static/" in url else {"cross-origin-opener-policy": "same-origin"}),
        "cache-control": "public, max-age=31536000, immutable" if "/static/" in url else "no-store",
    }
    for header, value in wanted.items():
        if headers.get(header) != value:
            yield f"{url}: {header} is {headers.get(header)}"


def _wrong_page(page: Page, combination: Combination) -> Iterator[str]:
    lang = LANG_TAGS[combination.language]
    if page.locator("html").get_attribute("lang") != lang:
        yield f"html lang is not {lang}"
    yield from _violations(page)
    yield from (f"drawn in {family}" for family in sorted(drawn_families(page) - FACES))
    yield from _scrolls(page)
    for width in (TABLET, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        yield from _scrolls(page)


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
    return AXE.read_text("utf-8") + ";0"


def _scrolls(page: Page) -> Iterator[str]:
    room, over, wide = page.evaluate(
        """() => {
          const room = document.documentElement.clientWidth;
          const wide = [...document.querySelectorAll("body *")].filter(
            each => each.getBoundingClientRect().right > room && !each.closest(".pan, .skip, .sr"));
          const over = document.documentElement.scrollWidth - room;
          return [room, over, wide.slice(-3).map(each => each.outerHTML.slice(0, 120))];
        }"""
    )
    if over > 0:
        yield f"scrolls sideways by {over} px at {room} px: {wide}"


# Marks, of all elements that hold words, those that bring a letter not yet seen in their face and weight.
MARK_LETTERS = """() => {
  const seen = new Set();
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const holder = words.currentNode.parentElement;
    const style = getComputedStyle(holder);
    for (const letter of words.currentNode.data.trim()) {
      const drawn = `${style.fontFamily} ${style.fontWeight} ${letter}`;
      if (!seen.has(drawn)) holder.dataset.drawn = "";
      seen.add(drawn);
    }
  }
}"""


def drawn_families(page: Page) -> set[str]:
    """The typefaces that the browser really drew words with; a page that draws itself anew meanwhile is asked again."""
    for _ in range(3):
        try:
            return _families(page)
        except Error as gone:
            if "Could not find node" not in gone.message:
                raise
    return _families(page)


def _families(page: Page) -> set[str]:
    page.evaluate(MARK_LETTERS)
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    marked = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-drawn]"})["nodeIds"]
    families: set[str] = set()
    for node in marked:
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        families |= {font["familyName"] for font in fonts}
    session.detach()
    return families
