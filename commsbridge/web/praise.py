"""Writing praise: a phrase or one's own words, what each contact will get, send, and ten seconds to undo."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language, say_many
from commsbridge.foundation.names import sort_key
from commsbridge.foundation.work import Work
from commsbridge.messages import Draft, Phrase, Preview
from commsbridge.schools import Permission, School
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, once_key, read_id, runtime, signed_in
from commsbridge.web.children import mine, waited
from commsbridge.web.frame import note_frame
from commsbridge.web.shown import ICONS, Shown, lang_of, tone

pages = Pages()
NEXT_SHOWN = 6
PRAISE = may(Permission.SEND_PRAISE)
NOT_GOING = {messages.State.HELD, messages.State.BY_HAND, messages.State.FAILED, messages.State.CANCELLED}

NOBODY = N_("Nobody can be sent a message about %(name)s yet. Ask the office to add or mend a contact.")
LAST_RECEIVED = N_("This home last received, %(day)s:")
SEND_TO = N_("Send to %(names)s")
SEND = N_("Send")
BY_HAND = N_("%(num)s by hand")
NOT_CHECKED = N_("Te reo not yet checked by a translator")
QUESTION = N_("One question before it goes")
AS_LINK = N_("Send it as a link")
AS_LINK_MORE = N_("The message only says that there is a note. The words stay on a page.")
CHANGE = N_("I will change the words")
CHANGE_MORE = N_("Nothing is sent yet.")
AS_IT_IS = N_("Send it as it is")
AS_IT_IS_MORE = N_("It is meant, and whānau may read it on a lock screen.")
UNDO_SAYS = N_("On its way to %(names)s.")
UNDO_SAYS_NOBODY = N_("Written in the log. Nothing goes out for now.")
UNDO_OVER = N_("It has gone.")
UNDO_UNTIL = N_("You can undo it until %(time)s.")
UNDONE = N_("Taken back. Nothing was sent.")


def _draft() -> Draft:
    phrase_id = read_id(request.form.get("phrase") or request.args.get("phrase"))
    return Draft(
        phrase_id=phrase_id,
        words=request.form.get("own_words", ""),
        as_link=request.form.get("answer") == messages.Choice.LINK.value,
    )


@pages.route("/students/<uuid:student_id>/praise", PRAISE)
def praise(student_id: uuid.UUID) -> str:
    """The page to write praise on."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        return _page(here, student, _draft(), errors={})


@pages.route("/students/<uuid:student_id>/praise", PRAISE, methods=("POST",), endpoint="send_praise")
def send_praise(student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Send, or show again what each contact will get. The same form sent twice is one message."""
    draft = _draft()
    key = once_key(student_id, draft.phrase_id, draft.words, draft.as_link)
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        if request.form.get("act") == "preview":
            return _page(here, student, draft, errors={})
        question = _question(here, student, draft)
        if question is not None:
            return _page(here, student, draft, errors={}, question=question), 409
    try:
        with at_school() as here:
            student = students.student_for(here.work, here.viewer, student_id)
            message = messages.send_praise(here.work, student, draft, links=runtime().links, once_key=key)
            message_id = message.id
    except Invalid as refusal:
        with at_school() as here:
            student = students.student_for(here.work, here.viewer, student_id)
            shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
            field = {"words": "own_words"}.get(refusal.field or "", refusal.field or "")
            return _page(here, student, draft, errors={field: shown.say(refusal.sentence, **refusal.slots)}), 400
    except Conflict:
        # The same form arrived twice at one moment: the first of the two has sent it.
        with at_school() as here:
            known = messages.sent_before(here.work, key)
        if known is None:
            raise
        message_id = known
    return redirect(url_for("sent", message_id=message_id))


@pages.route("/students/<uuid:student_id>/praise/preview", PRAISE, methods=("POST",), endpoint="praise_preview")
def preview(student_id: uuid.UUID) -> str:
    """What each contact will get, alone: the live preview."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        return render_template("parts/previews.html", **_previews(here, student, _draft()))


def _question(here: Here, student: Student, draft: Draft) -> dict[str, Any] | None:
    """What to ask before words about another child, health, toileting or behaviour go out; None once it is answered."""
    answer = request.form.get("answer", "")
    if not draft.words.strip() or answer in {messages.Choice.LINK.value, "as_it_is"}:
        return None
    work = here.work
    others = {each: tuple(names) for each, names in students.names_in_school(work, student.id).items()}
    asked = messages.questions_for(
        draft.words, child_names=(student.preferred_name, student.name), other_children=others
    )
    if not asked:
        return None
    shown = Shown(language(), schools.calendar_of(work), work.now)
    options = [
        {"value": "link", "label": shown.say(AS_LINK), "small": shown.say(AS_LINK_MORE)},
        {"value": "change", "label": shown.say(CHANGE), "small": shown.say(CHANGE_MORE)},
    ]
    if all(each.matter is messages.Matter.OTHER_CHILD for each in asked):
        options.append({"value": "as_it_is", "label": shown.say(AS_IT_IS), "small": shown.say(AS_IT_IS_MORE)})
    return {
        "title": shown.say(QUESTION),
        "sentence": " ".join(each.said(language()) for each in asked),
        "options": options,
        "chosen": asked[0].choices[0].value,
    }


def _page(
    here: Here, student: Student, draft: Draft, *, errors: dict[str, str], question: dict[str, Any] | None = None
) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    own = waited(work, [student])[0]
    return render_template(
        "praise.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        tally=list(own.tally),
        tally_says=own.last(shown),
        last_received=_last_received(work, student, shown),
        groups=_groups(work, student, draft),
        phrase=str(draft.phrase_id or ""),
        own_words=draft.words,
        own_words_max=messages.LONGEST_WORDS,
        preview_url=url_for("praise_preview", student_id=student.id),
        question=question,
        form_key=request.form.get("form_key") or secrets.token_urlsafe(16),
        keeper=_keeper(),
        errors=errors,
        nobody=None if own.can_send else shown.say(NOBODY, name=student.preferred_name),
        **_previews(here, student, draft),
    )


def _keeper() -> uuid.UUID | None:
    """Whose words a browser keeps while they are written: it gives them back to nobody else."""
    person = signed_in()
    return person.account_id if person else None


def _groups(work: Work, student: Student, draft: Draft) -> list[dict[str, Any]]:
    """The phrases by value, in the reader's language with the other beneath; te reo says whether anybody checked it."""
    mi = language() is Language.MI
    name = student.preferred_name
    groups: dict[str, dict[str, Any]] = {}
    offered = messages.offered_phrases(work, student)
    for phrase in _with_chosen(work, offered, draft):
        group = groups.setdefault(
            phrase.value, {"value": phrase.value, "name": messages.value_name(phrase.value, language()), "phrases": []}
        )
        first, second = (phrase.text_mi, phrase.text_en) if mi else (phrase.text_en, phrase.text_mi)
        group["phrases"].append(
            {
                "value": str(phrase.id),
                "label": first.replace("{name}", name),
                "lang": "mi" if mi else "en-NZ",
                "small": second.replace("{name}", name),
                "small_lang": "en-NZ" if mi else "mi",
            }
        )
    return list(groups.values())


def _with_chosen(work: Work, offered: list[Phrase], draft: Draft) -> list[Phrase]:
    """The phrase already chosen stays on the page though it was used while the page was open."""
    if draft.phrase_id is None or any(phrase.id == draft.phrase_id for phrase in offered):
        return offered
    chosen = messages.phrase_by_id(work, draft.phrase_id)
    return [chosen, *offered] if chosen else offered


def _last_received(work: Work, student: Student, shown: Shown) -> dict[str, Any] | None:
    latest = messages.last_received(work, student.id, limit=1)
    if not latest:
        return None
    told = latest[0]
    return {
        "sentence": shown.say(LAST_RECEIVED, day=shown.day(told.message.made_at)),
        "words": messages.words_of(told, student.preferred_name, language()),
        "lang": "mi" if language() is Language.MI and told.phrase else None,
    }


def _previews(here: Here, student: Student, draft: Draft) -> dict[str, Any]:
    """What each contact will get, with one line that sums it up and what the button says."""
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    empty = draft.phrase_id is None and not draft.words.strip()
    try:
        found = messages.preview_praise(
            work, student, _sample(work, student, draft) if empty else draft, links=runtime().links
        )
    except Invalid:
        found = []
    school = schools.school_of(work)
    cards = [_card(shown, each, school=school, empty=empty) for each in found if each.planned is not None]
    names = [each.recipient.name.split()[0] for each in found if each.planned is not None]
    return {
        "previews": cards,
        "not_written_to": [
            {"name": each.recipient.name, "why": shown.told(messages.reason(each.why), None)}
            for each in found
            if each.planned is None and each.why is not None
        ],
        "summary": _summary(found, shown),
        "send_label": shown.say(SEND_TO, names=shown.names(names)) if names else shown.say(SEND),
    }


def _sample(work: Work, student: Student, draft: Draft) -> Draft:
    """Before anything is chosen, the preview shows who gets what way with the first phrase on offer."""
    offered = messages.offered_phrases(work, student)
    return replace(draft, phrase_id=offered[0].id if offered else None)


def _card(shown: Shown, seen: Preview, *, school: School, empty: bool) -> dict[str, Any]:
    planned, composed = seen.planned, seen.composed
    if planned is None or composed is None:
        raise NotFound(N_("That message is not here."))
    card: dict[str, Any] = {
        "contact_id": seen.recipient.contact_id,
        "name": seen.recipient.name.split()[0],
        "channel": planned.channel.value,
        "language": shown.language_asked(seen.recipient.language),
        "lang": lang_of(planned.language),
        "text": None,
        "meter": None,
        "mail": None,
        "states": _states(shown, seen),
    }
    if empty:
        return card
    if composed.length is not None:
        card["text"] = composed.body
        card["meter"] = {
            "units": composed.length.units,
            "texts": composed.length.segments,
            "room": composed.length.room,
        }
    elif composed.html is not None:
        card["mail"] = {
            "sender": _sender(school, seen),
            "subject": composed.subject,
            "paragraphs": [{"text": words, "lang": code} for words, code in composed.paragraphs],
            "footer": None,
        }
    else:
        card["text"] = composed.body
    return card


def _sender(school: School, seen: Preview) -> str:
    """The name the school's mail comes under, in the reader's language; te reo Māori first for who reads both."""
    in_english = seen.planned is not None and seen.planned.language == Language.EN.value
    return school.name_en if in_english else school.name_mi


def _states(shown: Shown, seen: Preview) -> list[dict[str, str]]:
    states = []
    if seen.planned is not None and seen.why is not None:
        told = messages.reason(seen.why)
        states.append({"kind": tone(told), "sentence": shown.told(told, seen.planned.due_at)})
    if seen.unchecked:
        states.append({"kind": "", "sentence": shown.say(NOT_CHECKED)})
    return states


def _summary(found: list[Preview], shown: Shown) -> str:
    kinds = [each.planned.channel.value for each in found if each.planned is not None]
    texts, mails = kinds.count("text"), kinds.count("email")
    by_hand = len(kinds) - texts - mails
    parts = [
        say_many(language(), "%(num)s text", "%(num)s texts", texts) if texts else "",
        say_many(language(), "%(num)s email", "%(num)s emails", mails) if mails else "",
        shown.say(BY_HAND, num=by_hand) if by_hand else "",
    ]
    return shown.names([part for part in parts if part])


@pages.route("/praise/<uuid:message_id>", PRAISE)
def sent(message_id: uuid.UUID) -> str:
    """What was just sent: undo first, then where each delivery stands, then who else has waited."""
    with at_school() as here:
        work = here.work
        told = messages.written(work, [message_id]).get(message_id)
        if told is None or told.message.student_id is None:
            raise NotFound(N_("That message is not here."))
        student = students.student_for(work, here.viewer, told.message.student_id)
        shown = Shown(language(), schools.calendar_of(work), work.now)
        note_frame(here)
        contacts = whanau.contact_names(work, [each.contact_id for each in told.deliveries if each.contact_id])
        deliveries = sorted(told.deliveries, key=lambda each: sort_key(_name(contacts, each)))
        names = [_name(contacts, each) for each in deliveries if each.state not in NOT_GOING]
        own = told.message.staff_id == here.viewer.staff_id
        undo = _undo_row(told.message, shown, names) if own else None
        over = (
            shown.say(UNDONE)
            if told.message.undone_at
            else None
            if undo
            else shown.say(UNDO_OVER)
            if own and names
            else None
        )
        others = [
            each for each in waited(work, mine(work, here.viewer)) if each.student.id != student.id and each.can_send
        ]
        return render_template(
            "sent.html",
            student={"id": student.id, "name": student.name, "short": student.preferred_name},
            undo=undo,
            over=over,
            words=messages.words_of(told, student.preferred_name, language()),
            lang="mi" if language() is Language.MI and told.phrase else None,
            deliveries=[
                {
                    "kind": shown.standing(each)["kind"],
                    "sentence": f"{_name(contacts, each)}: {shown.standing(each)['sentence']}",
                    "icon": ICONS.get(each.channel, "text"),
                }
                for each in deliveries
            ],
            next_up=[each.row(shown) for each in others[:NEXT_SHOWN]],
        )


def _name(contacts: dict[uuid.UUID, str], delivery: messages.Delivery) -> str:
    return contacts.get(delivery.contact_id, "") if delivery.contact_id else ""


def _undo_row(message: messages.Message, shown: Shown, names: list[str]) -> dict[str, Any] | None:
    """The row that offers to take it back, while there is time."""
    if message.undone_at is not None or message.undo_until is None or message.undo_until <= shown.now:
        return None
    local = shown.calendar.local(message.undo_until)
    return {
        "sentence": shown.say(UNDO_SAYS, names=shown.names(names)) if names else shown.say(UNDO_SAYS_NOBODY),
        "url": url_for("undo", message_id=message.id),
        "seconds": max(1, int((message.undo_until - shown.now).total_seconds())),
        "until": shown.say(UNDO_UNTIL, time=f"{local:%H:%M:%S}"),
        "over": shown.say(UNDO_OVER) if names else "",
    }


@pages.route("/praise/<uuid:message_id>/undo", PRAISE, methods=("POST",))
def undo(message_id: uuid.UUID) -> Response:
    """Take it back; when it is too late the page says so."""
    with at_school() as here:
        messages.undo_message(here.work, message_id)
    return redirect(url_for("sent", message_id=message_id))
