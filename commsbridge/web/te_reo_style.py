"""How a school writes its te reo Māori: the names of days and months, and the long vowels of texts."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.orthography import LongVowels
from commsbridge.foundation.reo_dates import DayNames, long_date
from commsbridge.foundation.segments import count
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown

pages = Pages()
# The child and the teacher of the example: names without macrons, so that the choice alone decides what fits.
CHILD, WRITER = "Aroha", "Ms Walsh"
DAYS = {
    DayNames.TRADITIONAL: N_("The names of the maramataka"),
    DayNames.LOAN: N_("The names taken from English"),
}
VOWELS = {
    LongVowels.MACRONS: N_("With macrons: whānau"),
    LongVowels.DOUBLED: N_("With double vowels: whaanau"),
    LongVowels.PLAIN: N_("Without either: whanau"),
}
IN_TEXTS = {
    LongVowels.MACRONS: N_("Texts are written with macrons, like everything else."),
    LongVowels.DOUBLED: N_("Texts are written with double vowels (whaanau); everything else with macrons."),
    LongVowels.PLAIN: N_("Texts are written without macrons (whanau); everything else with them."),
}
COSTS = N_("%(choice)s (%(units)s of %(room)s letters)")
CHOOSE = N_("Choose one of these.")


@pages.route("/te-reo/written", may(Permission.LEAD_TE_REO), methods=("GET", "POST"))
def te_reo_written() -> str | tuple[str, int] | Response:
    """The choices, each with what it looks like and what it costs, before one is kept."""
    with at_school() as here:
        if request.method == "GET":
            return _page(here, {})
        errors = kept(here.work, lambda: _keep(here.work))
        if errors:
            return _page(here, errors), 400
    return redirect(url_for("te_reo"))


def _keep(work: Work) -> None:
    days, vowels = request.form.get("day_names"), request.form.get("text_vowels")
    if days not in set(DayNames):
        raise Invalid(CHOOSE, field="day_names")
    if vowels not in set(LongVowels):
        raise Invalid(CHOOSE, field="text_vowels")
    schools.set_reo_style(work, day_names=DayNames(days), text_vowels=LongVowels(vowels))


def _page(here: Here, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    school = schools.school_of(work)
    return render_template(
        "te_reo_written.html",
        day_names=[
            {
                "value": names.value,
                "label": shown.say(label),
                "small": long_date(shown.today, Language.MI, names),
                "small_lang": "mi",
            }
            for names, label in DAYS.items()
        ],
        text_vowels=[
            {"value": vowels.value, **_example(work, shown, vowels, label)} for vowels, label in VOWELS.items()
        ],
        chosen={
            "day_names": request.form.get("day_names", school.day_names),
            "text_vowels": request.form.get("text_vowels", school.text_vowels),
        },
        errors=errors,
    )


def _example(work: Work, shown: Shown, vowels: LongVowels, label: str) -> dict[str, str]:
    """A praise as it would go out by text, and how much of a text it takes."""
    text = messages.example_text(work, vowels=vowels, child=CHILD, writer=WRITER)
    length = count(text)
    told = shown.say(COSTS, choice=shown.say(label), units=length.units, room=length.room)
    return {"label": told, "small": text, "small_lang": Language.MI.tag}


def style_row(shown: Shown, vowels: LongVowels) -> dict[str, str]:
    """How te reo is written here, for the page about it."""
    return {"day": long_date(shown.today, Language.MI, shown.calendar.day_names), "vowels": shown.say(IN_TEXTS[vowels])}
