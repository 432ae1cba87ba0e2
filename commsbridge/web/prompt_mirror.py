"""A teacher's own mirror, for them alone: what they sent, to whom, who is due, and the thanks that came back."""

from __future__ import annotations

from flask import render_template

from commsbridge import prompts, schools
from commsbridge.foundation.language import say_many
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.prompts import why_asked
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
PRAISES = may(Permission.SEND_PRAISE)


@pages.route("/prompts/mine", PRAISES, endpoint="prompt_mirror")
def show_mirror() -> str:
    """One's own praise of this term; there is no such page about anybody else."""
    with at_school() as here:
        work = here.work
        shown = Shown(language(), schools.calendar_of(work), work.now)
        note_frame(here)
        found = prompts.mirror_of(work, here.viewer)
        return render_template(
            "prompt_mirror.html",
            since=shown.date(found.since_on),
            sent=say_many(shown.language, "one praise", "%(num)s praises", found.praises),
            about=say_many(
                shown.language,
                "You praised one child you teach",
                "You praised %(num)s children you teach",
                len(found.praised),
            )
            if found.praised
            else None,
            praised=[
                {"id": child.id, "name": child.preferred_name, "times": times}
                for child, times in sorted(found.praised, key=lambda each: -each[1])
            ],
            not_yet=[{"id": child.id, "name": child.preferred_name} for child in found.not_yet],
            due=[
                {
                    "id": child.id,
                    "name": child.preferred_name,
                    "why": why_asked(here, shown, waiting.waited, waiting.concerns),
                }
                for child, waiting in found.due
            ],
            thanks=[
                {
                    "words": reply.words,
                    "lang": lang_of(reply.language),
                    "name": child.preferred_name,
                    "day": shown.day(reply.received_at),
                    "iso": shown.iso(reply.received_at),
                }
                for reply, child in found.thanks
            ],
        )
