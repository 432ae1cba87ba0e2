"""A teacher's own mirror, for them alone: what they sent, to whom, who is due, and the thanks that came back."""

from __future__ import annotations

from flask import render_template, url_for

from commsbridge import messages, prompts, schools
from commsbridge.foundation.language import N_, say_many
from commsbridge.prompts import Mirror
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.prompts import why_asked
from commsbridge.web.shown import Shown, lang_of, phrase_lang

pages = Pages()
PRAISES = may(Permission.SEND_PRAISE)
BALANCE = N_("%(praises)s and %(concerns)s.")
NO_CONCERN = N_("no concern")


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
            balance=_balance(shown, found),
            about=say_many(
                shown.language,
                "You praised one child of those you teach.",
                "You praised %(num)s children of those you teach.",
                len(found.praised),
            )
            if found.praised
            else None,
            lately=[
                {
                    "day": shown.day(at),
                    "iso": shown.iso(at),
                    "name": child.preferred_name,
                    "words": messages.words_of(written, child.preferred_name, shown.language),
                    "lang": phrase_lang(shown.language) if written.phrase else None,
                    "url": url_for("sent", message_id=written.message.id),
                }
                for written, child, at in found.lately
            ],
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


def _balance(shown: Shown, found: Mirror) -> str | None:
    """What they wrote of the good and of the hard; two numbers, and no third that would judge them."""
    if not found.praises and not found.concerns:
        return None
    concerns = say_many(shown.language, "one concern", "%(num)s concerns", found.concerns)
    return shown.say(
        BALANCE,
        praises=say_many(shown.language, "one praise", "%(num)s praises", found.praises),
        concerns=concerns if found.concerns else shown.say(NO_CONCERN),
    )
