"""Replies: what waits for me, for my class or for the school; what is owed is said, and who is answering."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, schools, students, whanau
from commsbridge.conversations import How, InboxRow, QuestionKind
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission, Staff, Viewer
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id, safe_next
from commsbridge.web.children import mine
from commsbridge.web.frame import note_frame
from commsbridge.web.reply_pictures import picture_response, pictures_shown
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
NOTHING_WRITTEN = N_("(Nothing was written.)")
SEEN_BY = N_("Seen by %(who)s, %(day)s")
FOR_CHILD = N_("Good news from home: they ask that you read it to the child.")
SHARED = N_("Whoever wrote this lets everybody who cares for the child read it.")
PICTURES = N_("(Only a picture came.)")
WHOLE = N_("We could not tell what is new in this email: you see all of it, as it came.")
# How sure we are that it is about this child, in words.
HOW = {
    How.LAST_MESSAGE: N_("About this child because the last message to that phone was."),
    How.NEAR_NAME: N_("The name was spelled another way. Check that it is about this child."),
    How.CONTINUED: N_("It goes on from the text that came just before it."),
    How.ANSWER: N_("They said which child it is about."),
    How.ALL: N_("They wrote about all their children here."),
    How.PERSON: N_("A person at school said which child it is about."),
}
# Said where somebody looks closely; in a list what is sure needs no word.
SURE = {
    How.TOKEN: N_("Sure: they answered a message about this child."),
    How.NAME: N_("Sure: they named this child."),
    How.ONLY_CHILD: N_("Sure: it is the only child of theirs here."),
}
ASKED = N_("We have asked them which child this is about.")
HELD = N_("They may want no more messages. Everything is held; we have asked, and no answer means stop.")
OWED = N_("An answer is promised by %(until)s. %(who)s has it.")
OWED_UNHELD = N_("An answer is promised by %(until)s. Nobody has it yet.")
OWED_LATE = N_("The answer is late: it was promised by %(until)s. %(who)s has it.")
OWED_LATE_UNHELD = N_("The answer is late: it was promised by %(until)s. Nobody has it.")
OWED_SOME_TIME = N_("An answer is owed. The school’s next days are not known yet.")
KEPT = {
    conversations.promises.Kept.ANSWERED: N_("Answered by %(who)s, %(day)s."),
    conversations.promises.Kept.TALKED: N_("%(who)s talked with them, %(day)s."),
    conversations.promises.Kept.NOT_NEEDED: N_("%(who)s said that no answer is needed, %(day)s."),
}
KEPT_LATE = N_("That was later than promised.")
READ_FOR = N_("%(who)s reads for the others what comes from there.")
WRITING = N_("%(who)s is writing an answer.")
ROWS = 50


def reply_rows(
    work: Work, found: Sequence[InboxRow], viewer: Viewer, shown: Shown, *, closely: bool = False
) -> list[dict[str, Any]]:
    """Replies about children as the templates take them; looked at ``closely``, also why a match is sure."""
    hows = HOW | SURE if closely else HOW
    names = students.names_of(work, {each.about.student_id for each in found})
    people = whanau.contact_names(work, [each.reply.contact_id for each in found if each.reply.contact_id])
    relations = whanau.relationships(
        work, [(each.reply.contact_id, each.about.student_id) for each in found], on=schools.today(work)
    )
    staff = schools.staff_by_id(work, list({each for row in found for each in _staff_of(row) if each}))
    pictures = conversations.pictures_with(work, {each.reply.id for each in found if each.reply.pictures})
    return [
        {
            "reply_id": each.reply.id,
            "day": shown.day(each.reply.received_at),
            "time": shown.time(each.reply.received_at),
            "iso": shown.iso(each.reply.received_at),
            "who": people.get(each.reply.contact_id, each.reply.from_address)
            if each.reply.contact_id
            else each.reply.from_address,
            "relationship": relations.get((each.reply.contact_id, each.about.student_id), ""),
            "student_id": each.about.student_id,
            "student_name": names[each.about.student_id].preferred,
            "words": each.reply.words or shown.say(PICTURES if each.reply.pictures else NOTHING_WRITTEN),
            "lang": lang_of(each.reply.language),
            "whole": shown.say(WHOLE) if each.reply.whole else None,
            "how": shown.say(hows[How(each.reply.how)]) if each.reply.how in hows else None,
            **pictures_shown(
                shown,
                pictures.get(each.reply.id, []),
                who=(people.get(each.reply.contact_id) if each.reply.contact_id else None) or each.reply.from_address,
                url_of=lambda picture: url_for("reply_picture", picture_id=picture.id),
            ),
            "unread": each.reply.unread and each.about.seen_at is None,
            "question": each.owed,
            "states": states_of(each, staff, shown, reader_id=viewer.staff_id),
            "seen": _seen(each, staff, shown),
            "url": url_for("reply", reply_id=each.reply.id),
            "move_url": url_for("reply_move", reply_id=each.reply.id),
            "answer_url": url_for("reply_claim", reply_id=each.reply.id)
            if viewer.may(Permission.SEND_PRAISE)
            else None,
        }
        for each in found
    ]


@pages.route("/replies/pictures/<uuid:picture_id>", may(Permission.READ_LOG))
def reply_picture(picture_id: uuid.UUID) -> Response:
    """A picture that came with a reply, for staff who see a child it is about."""
    with at_school() as here:
        picture, about = conversations.picture_about(here.work, picture_id)
        if not any(_sees(here, student_id) for student_id in about):
            raise NotFound(N_("That picture is not here."))
        return picture_response(picture)


def _sees(here: Here, student_id: uuid.UUID) -> bool:
    try:
        students.student_for(here.work, here.viewer, student_id)
    except NotFound:
        return False
    return True


def _staff_of(row: InboxRow) -> tuple[uuid.UUID | None, ...]:
    owed = (row.promise.holder_id, row.promise.kept_by) if row.promise else ()
    return (row.about.seen_by, row.reply.claimed_by, row.reply.told_to, *owed)


def _seen(row: InboxRow, staff: dict[uuid.UUID, Staff], shown: Shown) -> str | None:
    if row.about.seen_at is None:
        return None
    seer = staff.get(row.about.seen_by) if row.about.seen_by else None
    return shown.say(SEEN_BY, who=seer.shown_name if seer else "", day=shown.day(row.about.seen_at))


def states_of(
    row: InboxRow, staff: dict[uuid.UUID, Staff], shown: Shown, *, reader_id: uuid.UUID
) -> list[dict[str, str]]:
    """What is owed or how it was kept, and who else is writing now, as state rows."""
    states = [_owed(row.promise, staff, shown)] if row.promise else []
    if row.reply.for_child and row.about.seen_at is None:
        states.insert(0, {"kind": "heed", "icon": "told", "sentence": shown.say(FOR_CHILD)})
    if row.about.shared_by is not None:
        states.append({"kind": "", "icon": "people", "sentence": shown.say(SHARED)})
    reader = staff.get(row.reply.told_to) if row.reply.told_to else None
    if reader is not None:
        states.append({"kind": "heed", "icon": "person", "sentence": shown.say(READ_FOR, who=reader.shown_name)})
    writer = staff.get(row.reply.claimed_by) if row.reply.claimed_by and row.reply.claimed_by != reader_id else None
    if writer is not None and row.reply.claimed_until is not None and row.reply.claimed_until > shown.now:
        states.append({"kind": "heed", "icon": "pen", "sentence": shown.say(WRITING, who=writer.shown_name)})
    return states


def _owed(promise: conversations.promises.Promise, staff: dict[uuid.UUID, Staff], shown: Shown) -> dict[str, str]:
    holder = staff.get(promise.holder_id) if promise.holder_id else None
    if promise.kept_how is not None and promise.kept_at is not None:
        keeper = staff.get(promise.kept_by) if promise.kept_by else None
        said = shown.say(
            KEPT[promise.kept_how], who=keeper.shown_name if keeper else "", day=shown.day(promise.kept_at)
        )
        later = f" {shown.say(KEPT_LATE)}" if promise.late else ""
        return {"kind": "heed" if promise.late else "", "icon": "tick", "sentence": said + later}
    if promise.due_at is None:
        return {"kind": "heed", "icon": "clock", "sentence": shown.say(OWED_SOME_TIME)}
    late = promise.due_at < shown.now
    sentence = (OWED_LATE if late else OWED) if holder else (OWED_LATE_UNHELD if late else OWED_UNHELD)
    said = shown.say(sentence, until=_until(promise.due_at, shown), who=holder.shown_name if holder else "")
    return {"kind": "amiss" if late else "heed", "icon": "clock", "sentence": said}


def _until(at: datetime, shown: Shown) -> str:
    return f"{shown.ahead(at)}, {shown.time(at)}" if at >= shown.now else f"{shown.day(at)}, {shown.time(at)}"


def asked_rows(work: Work, children: Sequence[Student], shown: Shown) -> list[dict[str, Any]]:
    """Words that wait until home says which child they are about, for whoever sees one of these children."""
    names = {child.id: child.preferred_name for child in children}
    found = conversations.waiting_for_family(work, list(names))
    people = whanau.contact_names(work, [reply.contact_id for reply, _ in found if reply.contact_id])
    return [
        {
            "reply_id": reply.id,
            "day": shown.day(reply.received_at),
            "time": shown.time(reply.received_at),
            "iso": shown.iso(reply.received_at),
            "who": people.get(reply.contact_id, reply.from_address) if reply.contact_id else reply.from_address,
            "words": reply.words or shown.say(NOTHING_WRITTEN),
            "lang": lang_of(reply.language),
            "state": shown.say(ASKED if question.kind is QuestionKind.WHICH_CHILD else HELD),
            "choices": [{"id": child, "name": names[child]} for child in question.student_ids if child in names]
            if question.kind is QuestionKind.WHICH_CHILD
            else [],
            "url": url_for("reply_child", reply_id=reply.id),
        }
        for reply, question in found
    ]


@pages.route("/replies/<uuid:reply_id>/child", may(Permission.READ_LOG), methods=("POST",))
def reply_child(reply_id: uuid.UUID) -> Response:
    """Say which child words are about that wait for the family's answer: one whom this person sees."""
    with at_school() as here:
        student_id = read_id(request.form.get("student_id"))
        if student_id is None or conversations.reply_by_id(here.work, reply_id) is None:
            raise NotFound(N_("That message is not here."))
        students.student_for(here.work, here.viewer, student_id)
        conversations.settle_asked(here.work, reply_id, student_ids=[student_id])
    return redirect(safe_next(request.form.get("next") or url_for("replies")))


WHOSE = {"me": N_("For me"), "class": N_("My students"), "school": N_("Whole school")}


def waiting_rows(here: Here, children: Sequence[Student], *, whose: str = "class", search: str = "") -> list[InboxRow]:
    """What nobody has seen or is owed an answer, the most pressing first, of these children or held by this person."""
    ids = {child.id for child in children}
    holder_id = here.viewer.staff_id if whose == "me" else None
    if whose != "school":
        ids |= conversations.children_owed_by(here.work, here.viewer.staff_id)
    found = conversations.inbox(
        here.work, ids, holder_id=holder_id, reader_id=_reader(here, whose), search=search, waiting=True, limit=ROWS
    )
    known = {child.id for child in children}
    seen = [each for each in found if each.about.student_id in known or _may_see(here, each)]
    return sorted(seen, key=_urgency)


def _reader(here: Here, whose: str) -> uuid.UUID | None:
    """For whom something waits; in the whole school's it waits whoever is told of it."""
    return None if whose == "school" else here.viewer.staff_id


def _urgency(row: InboxRow) -> tuple[bool, bool, float]:
    """What no screening could read first, then what is owed by how long it waits, then the newest."""
    at = row.reply.received_at.timestamp()
    return not (row.reply.unread and row.about.seen_at is None), not row.owed, at if row.owed else -at


def _may_see(here: Here, row: InboxRow) -> bool:
    """Whoever held an answer and sees the child no longer does not read it either."""
    return _sees(here, row.about.student_id)


@pages.route("/replies", may(Permission.READ_LOG))
def replies() -> str:
    """Everything whānau wrote about the children this person teaches, or may see; what is owed first."""
    whose = request.args.get("whose", "class")
    whose = whose if whose in WHOSE else "class"
    search = request.args.get("q", "").strip()
    with at_school() as here:
        work = here.work
        shown = Shown(language(), schools.calendar_of(work), work.now)
        whole = here.viewer.may(Permission.SEE_WHOLE_SCHOOL)
        children = mine(work, here.viewer)
        if whose == "school" and whole:
            children = students.students_seen_by(work, here.viewer, schools.today(work))
        ids = [child.id for child in children]
        before = _moment(request.args.get("before", ""))
        waiting = [] if before else waiting_rows(here, children, whose=whose, search=search)
        done = (
            conversations.inbox(
                work, ids, reader_id=_reader(here, whose), search=search, waiting=False, before=before, limit=ROWS
            )
            if whose != "me"
            else []
        )
        note_frame(here)
        return render_template(
            "replies.html",
            waiting=reply_rows(work, waiting, here.viewer, shown),
            asked=[] if search or before or whose == "me" else asked_rows(work, children, shown),
            seen=reply_rows(work, done, here.viewer, shown),
            older_url=url_for("replies", whose=whose, q=search or None, before=done[-1].reply.received_at.isoformat())
            if len(done) == ROWS
            else None,
            views=[
                {"label": shown.say(label), "url": url_for("replies", whose=key), "on": key == whose}
                for key, label in WHOSE.items()
                if key != "school" or whole
            ],
            whose=whose,
            q=search,
        )


def _moment(written: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return at if at.tzinfo else None


@pages.route("/replies/<uuid:reply_id>/seen", may(Permission.READ_LOG), methods=("POST",))
def reply_seen(reply_id: uuid.UUID) -> Response:
    """Say that a reply was read, or read to the child; for each of its children that this person may see."""
    with at_school() as here:
        asked = read_id(request.form.get("student_id"))
        about = conversations.students_of_reply(here.work, reply_id)
        if not about:
            raise NotFound(N_("That message is not here."))
        for student_id in about:
            if asked not in {None, student_id}:
                continue
            students.student_for(here.work, here.viewer, student_id)
            if request.form.get("act") == "read":
                conversations.read_to_child(here.work, reply_id, student_id)
            else:
                conversations.see_reply(here.work, reply_id, student_id)
        onward = url_for("replies")
        if request.form.get("act") == "read" and asked in about and here.viewer.may(Permission.SEND_PRAISE):
            onward = url_for("child_answer", reply_id=reply_id, student_id=asked)
    return redirect(safe_next(request.form.get("next") or onward))
