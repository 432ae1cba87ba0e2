"""The roll: a file from the school's register, shown before it is taken, taken without undoing any wish.

The file is kept nowhere between the two steps: it travels back and forth inside the page, packed.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, render_template, request

from commsbridge import messages, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, say, say_many
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import beside

pages = Pages()
IMPORT = may(Permission.IMPORT_ROLL, confirmed=True)
# A roll of 3,500 students is about half a megabyte.
LARGEST = 5 * 1024 * 1024
LARGEST_SHOWN = "5 MB"
MOST_SHOWN = 100

NO_FILE = N_("Choose a file.")
TOO_LARGE = N_("This file is larger than %(size)s: it is no roll. Please check that it is the right one.")
LOST = N_("The file was lost on the way. Please choose it again.")
NOTHING = N_("All of this is here already.")


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: what it says, and what it changed or would change."""

    judged: whanau.roll.JudgedRoll
    applied: whanau.roll.Applied


@pages.route("/roll", IMPORT, methods=("GET", "POST"))
def import_roll() -> str | tuple[str, int]:
    """Choose a file; see what it would change; bring its good rows in."""
    with at_school() as here:
        note_frame(here)
        if request.method == "GET":
            return _page(None, errors={})
        taking = request.form.get("act") == "import"
        try:
            raw = unpack(request.form.get("token", "")) if taking else _chosen()
        except Invalid as refusal:
            return _page(None, errors=beside(refusal, otherwise="file")), 400
        return _page(_read(here, raw, taking=taking), raw=raw, done=taking, errors={})


@pages.route("/roll/refused", IMPORT, methods=("POST",))
def refused_rows() -> Response:
    """The rows that were not taken, as a file of their own, each with why: to mend and bring in again."""
    raw = unpack(request.form.get("token", ""))
    with at_school() as here:
        judged = whanau.roll.judge(whanau.roll.read_roll(raw), whanau.roll.known_roll(here.work))
    answer = Response(whanau.roll.bad_rows_csv(judged, language()), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="rows-to-mend.csv")
    return answer


def _chosen() -> bytes:
    """The file that was chosen. Raises Invalid when there is none, or it is too large."""
    file = request.files.get("file")
    raw = file.read(LARGEST + 1) if file and file.filename else b""
    if not raw:
        raise Invalid(NO_FILE, field="file")
    if len(raw) > LARGEST:
        raise Invalid(TOO_LARGE, field="file", size=LARGEST_SHOWN)
    return raw


def pack(raw: bytes) -> str:
    """A file as a form carries it."""
    return base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode("ascii")


def unpack(token: str) -> bytes:
    """The file of a form. Raises Invalid for anything that ``pack`` did not make, or that grows too large."""
    opener = zlib.decompressobj()
    try:
        raw = opener.decompress(base64.urlsafe_b64decode(token.encode("ascii")), LARGEST)
    except (zlib.error, binascii.Error, UnicodeEncodeError):
        raise Invalid(LOST, field="file") from None
    if not raw or not opener.eof:
        raise Invalid(LOST, field="file")
    return raw


def _read(here: Here, raw: bytes, *, taking: bool) -> Read:
    """Judge the file and take it in; when it is only looked at, all of that is undone again."""
    work = here.work
    judged = whanau.roll.judge(whanau.roll.read_roll(raw), whanau.roll.known_roll(work))
    trial = work.session.begin_nested()
    applied = messages.take_roll(work, judged)
    if taking:
        trial.commit()
    else:
        trial.rollback()
    return Read(judged, applied)


def _page(read: Read | None, *, raw: bytes = b"", done: bool = False, errors: dict[str, str]) -> str:
    return render_template(
        "office/import.html",
        errors=errors,
        largest=LARGEST_SHOWN,
        report=_report(read) if read else None,
        token=pack(raw) if read else "",
        done=done,
        columns=list(whanau.roll.COLUMNS),
    )


def _report(read: Read) -> dict[str, object]:
    told = whanau.roll.report(read.judged, language())
    return {
        **told,
        "issues": told["issues"][:MOST_SHOWN],
        "more": max(0, len(told["issues"]) - MOST_SHOWN),
        "changes": _changes(read.applied),
        "refused": bool(read.judged.bad_rows),
        "takes": bool(read.judged.students),
    }


def _changes(applied: whanau.roll.Applied) -> Sequence[str]:
    """What it changes, a sentence each."""
    reader = language()
    new, back, contacts = applied.students_added, applied.students_returned, applied.contacts_added
    ties, never, asked, held = (
        applied.links_added,
        len(applied.restricted),
        len(applied.asked),
        len(applied.numbers_held),
    )
    told = (
        (new, say_many(reader, "%(num)s new student.", "%(num)s new students.", new)),
        (back, say_many(reader, "%(num)s student is back.", "%(num)s students are back.", back)),
        (contacts, say_many(reader, "%(num)s new contact.", "%(num)s new contacts.", contacts)),
        (
            ties,
            say_many(
                reader,
                "%(num)s new tie between a contact and a child.",
                "%(num)s new ties between contacts and children.",
                ties,
            ),
        ),
        (
            never,
            say_many(
                reader,
                "%(num)s contact is no longer messaged about a child.",
                "%(num)s contacts are no longer messaged about a child.",
                never,
            ),
        ),
        (
            asked,
            say_many(
                reader,
                "%(num)s contact waits until learning support says yes.",
                "%(num)s contacts wait until learning support says yes.",
                asked,
            ),
        ),
        (
            held,
            say_many(
                reader,
                "%(num)s number changed: the old one is held until somebody confirms the new one.",
                "%(num)s numbers changed: the old ones are held until somebody confirms the new ones.",
                held,
            ),
        ),
    )
    sentences = [sentence for number, sentence in told if number] or [say(reader, NOTHING)]
    return [*sentences, *_unknown_teachers(applied.teachers_unknown)]


def _unknown_teachers(emails: Sequence[str]) -> list[str]:
    """Whom the file names as a teacher and nobody on the staff is."""
    if not emails:
        return []
    return [
        say_many(
            language(),
            "Nobody on the staff has the address %(emails)s. Add them, then bring in the file again.",
            "Nobody on the staff has these addresses: %(emails)s. Add them, then bring in the file again.",
            len(emails),
            emails=", ".join(emails),
        )
    ]
