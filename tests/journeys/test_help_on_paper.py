"""The page for a crisis on paper: whom to ring stands there in both languages, on one sheet, dark device or not."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.browser import PHONE, Device

WORDS = {
    "en": ("Ring 111", "Ring or text 1737", "0800 848 326"),
    "mi": ("Waea 111", "Waea, pātuhi rānei ki 1737", "0800 848 326"),
}
INK = "getComputedStyle(document.body).color.match(/[0-9.]+/g).slice(0, 3).reduce((all, each) => all + Number(each), 0)"


def test_the_page_for_a_crisis_is_one_sheet_of_paper_with_whom_to_ring(devices: Callable[..., Device]) -> None:
    device = devices(PHONE)
    for reo, words in WORDS.items():
        page = device.open(f"/help-now?reo={reo}")
        page.emulate_media(media="print", color_scheme="dark")
        for each in words:
            expect(page.get_by_text(each).first).to_be_visible()
        assert page.evaluate(INK) < 200  # dark ink, also from a dark device
        sheet = page.pdf(format="A4")
        assert len(re.findall(rb"/Type\s*/Page\b", sheet)) <= 2
