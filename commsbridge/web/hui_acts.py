"""What a press on a page of a hui at school does: each act reads its form and says it to the room."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, time
from enum import StrEnum
from typing import TypeVar

from flask import request

from commsbridge import meetings, schools
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.meetings import (
    Agrees,
    Hears,
    Helped,
    Hui,
    HuiKind,
    NewStep,
    Part,
    Proposed,
    Purpose,
    Welcome,
    Whose,
    Wishes,
)
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.acting import Here, read_id, runtime
from commsbridge.web.pauses import read_day

Word = TypeVar("Word", bound=StrEnum)
CHOOSE = N_("Choose one of these.")
TIME = N_("Choose a day and a time.")
# Of a question that was left open nothing is said.
YES_OR_NO = {"yes": True, "no": False}


def one_of(words: type[Word], field: str) -> Word:
    """The word a form chose. Raises Invalid for none and for one that is not offered."""
    written = request.form.get(field, "")
    if written not in set(words):
        raise Invalid(CHOOSE, field=field)
    return words(written)


def an_id(field: str) -> uuid.UUID:
    """The id a form names. Raises NotFound for none."""
    found = read_id(request.form.get(field))
    if found is None:
        raise NotFound(N_("That hui is not here."))
    return found


def purpose_typed() -> Purpose:
    """What the form says a hui is for. Raises Invalid."""
    form = request.form
    minutes = form.get("minutes", "").strip()
    return Purpose(
        kind=one_of(HuiKind, "kind"),
        purpose=form.get("purpose", ""),
        needed=form.get("needed", ""),
        place=form.get("place", ""),
        video_url=form.get("video_url", ""),
        minutes=int(minutes) if minutes.isascii() and minutes.isdecimal() and len(minutes) < 4 else 0,
    )


def wishes_typed() -> Wishes:
    """How the form says the family wishes it to be."""
    form = request.form
    return Wishes(
        place=form.get("wish_place", ""),
        tikanga=form.get("tikanga", ""),
        interpreter=form.get("interpreter", ""),
        support=form.get("support", ""),
        access=form.get("access", ""),
        kaitakawaenga=YES_OR_NO.get(form.get("kaitakawaenga", "")),
        timer=form.get("timer") == "yes",
        part=Part(form["part"]) if form.get("part") in set(Part) else None,
        together=form.get("together") == "yes",
    )


def _times(work: Work) -> list[datetime]:
    """The times typed, on the school's clock."""
    calendar = schools.calendar_of(work)
    found = []
    for number in range(1, meetings.MOST_TIMES + 1):
        day, at = (request.form.get(f"{part}_{number}", "").strip() for part in ("day", "time"))
        if not day and not at:
            continue
        on = read_day(day, field=f"day_{number}")
        if on is None:
            raise Invalid(TIME, field=f"day_{number}")
        try:
            found.append(calendar.moment(on, time.fromisoformat(at).replace(second=0, microsecond=0, tzinfo=None)))
        except ValueError:
            raise Invalid(TIME, field=f"time_{number}") from None
    return found


def _invite(here: Here, hui: Hui, _student: Student) -> None:
    meetings.invite(here.work, hui, _times(here.work), links=runtime().links)


def _purpose(here: Here, hui: Hui, _student: Student) -> None:
    meetings.change_purpose(here.work, hui, purpose_typed(), links=runtime().links)


def _propose(here: Here, hui: Hui, _student: Student) -> None:
    form = request.form
    staff_id = read_id(form.get("staff_id"))
    proposed = Proposed(
        form.get("role", ""),
        form.get("why", ""),
        form.get("name", ""),
        staff_id,
        form.get("email", ""),
        form.get("language", ""),
    )
    meetings.propose(here.work, hui, proposed)


def _bring(here: Here, hui: Hui, _student: Student) -> None:
    bring_typed(here.work, hui, None, home=_told_by())


def bring_typed(work: Work, hui: Hui, contact_id: uuid.UUID | None, *, home: uuid.UUID | None = None) -> None:
    """Whom the form says the family brings, and how they are told. Raises as ``meetings.bring``."""
    form = request.form
    meetings.bring(
        work,
        hui,
        contact_id,
        name=form.get("name", ""),
        role="whanau",
        why=form.get("why", ""),
        email=form.get("email", ""),
        language=form.get("language", ""),
        home=home,
    )


def _mail(here: Here, hui: Hui, _student: Student) -> None:
    mail_typed(here.work, hui, None, home=_told_by())


def mail_typed(work: Work, hui: Hui, contact_id: uuid.UUID | None, *, home: uuid.UUID | None = None) -> None:
    """Where the form says somebody from outside is told, or that nothing goes. Raises as ``meetings.change_mail``."""
    email, language = request.form.get("email", ""), request.form.get("language", "")
    meetings.change_mail(
        work, hui, an_id("person_id"), email=email, language=language, contact_id=contact_id, home=home
    )


def _person(here: Here, hui: Hui, _student: Student) -> None:
    welcome = one_of(Welcome, "welcome")
    meetings.decide_person(here.work, hui, an_id("person_id"), welcome, contact_id=None, home=_told_by())


def _told_by() -> uuid.UUID | None:
    """Which of two homes that meet told the school."""
    return read_id(request.form.get("home"))


def _apart(here: Here, hui: Hui, _student: Student) -> None:
    meetings.leave_together(here.work, hui, contact_id=None, links=runtime().links, home=_told_by())


def _choose(here: Here, hui: Hui, _student: Student) -> None:
    """What the family told the school: one of the times, or none of them."""
    number = request.form.get("number", "")
    if number == "0":
        meetings.none_suits(here.work, hui, None)
    elif number in {"1", "2", "3"}:
        meetings.choose(here.work, hui, int(number), contact_id=None, links=runtime().links, home=_told_by())
    else:
        raise Invalid(CHOOSE, field="number")


def _wishes(here: Here, hui: Hui, _student: Student) -> None:
    meetings.say_wishes(here.work, hui, wishes_typed(), contact_id=None, home=_told_by())


def _item(here: Here, hui: Hui, _student: Student) -> None:
    whose = Whose.STUDENT if request.form.get("whose") == Whose.STUDENT else Whose.SCHOOL
    meetings.add_items(here.work, hui, whose, [request.form.get("words", "")])


def _template(here: Here, hui: Hui, student: Student) -> None:
    meetings.add_usual_points(here.work, hui, student)


def _form(here: Here, hui: Hui, _student: Student) -> None:
    meetings.add_form(here.work, hui, an_id("form_id"))


def _voice(here: Here, hui: Hui, _student: Student) -> None:
    form = request.form
    if form.get("nothing") == "yes":
        meetings.says_nothing(here.work, hui, with_whom=form.get("with_whom", ""))
        return
    hears = Hears(form["hears"]) if form.get("hears") in set(Hears) else None
    meetings.say_for_student(
        here.work,
        hui,
        form.get("words", ""),
        hears=hears,
        with_whom=form.get("with_whom", ""),
        pictures=form.getlist("pictures"),
    )


def _family_voice(here: Here, hui: Hui, _student: Student) -> None:
    meetings.say_for_family(here.work, hui, request.form.get("words", ""), contact_id=None)


def _call_off(here: Here, hui: Hui, _student: Student) -> None:
    meetings.call_off(here.work, hui, request.form.get("why", ""), links=runtime().links)


def _places(here: Here, hui: Hui, _student: Student) -> None:
    form = request.form
    meetings.take_places(here.work, hui, chair=form.get("chair", ""), minute_taker=form.get("minute_taker", ""))


def _decide(here: Here, hui: Hui, _student: Student) -> None:
    form = request.form
    item_id = an_id("item_id")
    meetings.decide(here.work, hui, item_id, form.get("decided", ""), before=form.get("before", ""))
    for home in hui.homes if hui.joint else (None,):
        _family_says(here, hui, item_id, home)


def _family_says(here: Here, hui: Hui, item_id: uuid.UUID, home: uuid.UUID | None) -> None:
    """Keep what the family, or one of two homes, says to a point, where the form was changed there.

    What the form was opened with is no word of theirs: it may have been said of other words, or be old.
    """
    form, of = request.form, f"_{home}" if home else ""
    said, words = form.get(f"agrees{of}", ""), form.get(f"agrees_words{of}", "")
    before = form.get(f"agrees_before{of}", "")
    if not said or (said, words) == (before, form.get(f"agrees_words_before{of}", "")):
        return
    anew = tidy(form.get("decided", "")) != tidy(form.get("before", ""))
    meetings.agree(
        here.work, hui, item_id, one_of(Agrees, f"agrees{of}"), words, contact_id=None, home=home,
        before="" if anew else before,
    )  # fmt: skip


def _step_typed(here: Here, hui: Hui, student: Student) -> NewStep:
    """What the form says will be done; of a day that was written and one that was offered the written one counts."""
    form = request.form
    by = form.get("by", "")
    home, person = read_id(by.removeprefix("home:")), read_id(by.removeprefix("person:"))
    of_home = next((each for each in meetings.homes_behind(here.work, student, hui) if each.key == home), None)
    there = next((each for each in meetings.guests_there(here.work, hui) if each.id == person), None)
    who = form.get("who", "")
    if of_home is not None:
        who = ", ".join(each.name for each in of_home.people)
    elif there is not None:
        who = there.name
    elif by == "student":
        who = student.preferred_name
    return NewStep(
        what=form.get("what", ""),
        due_on=read_day(form.get("due_on", ""), field="due_on") or read_day(form.get("soon", ""), field="due_on"),
        who=who,
        staff_id=None if of_home or there else read_id(by),
        by_family=by == "family" or of_home is not None,
        home=of_home.key if of_home else None,
    )


def _step(here: Here, hui: Hui, student: Student) -> None:
    meetings.add_step(here.work, hui, _step_typed(here, hui, student))


def _mend(here: Here, hui: Hui, student: Student) -> None:
    step_id, mark = an_id("step_id"), request.form.get("mark", "")
    meetings.change_step(here.work, hui, step_id, _step_typed(here, hui, student), mark=mark)


def _unstep(here: Here, hui: Hui, _student: Student) -> None:
    meetings.take_step_out(here.work, hui, an_id("step_id"), mark=request.form.get("mark", ""))


def _unitem(here: Here, hui: Hui, _student: Student) -> None:
    meetings.take_item_out(here.work, hui, an_id("item_id"), asked=request.form.get("asked") == "yes")


def _next(here: Here, hui: Hui, _student: Student) -> None:
    meetings.meet_again(here.work, hui, read_day(request.form.get("next_on", ""), field="next_on"))


def _read_back(here: Here, hui: Hui, _student: Student) -> None:
    meetings.read_back(here.work, hui, request.form.get("read_by", ""))


def _later(here: Here, hui: Hui, _student: Student) -> None:
    meetings.put_off(here.work, hui)


def _finish(here: Here, hui: Hui, _student: Student) -> None:
    meetings.finish(here.work, hui)


def _minutes(here: Here, hui: Hui, _student: Student) -> None:
    meetings.send_minutes(here.work, hui, links=runtime().links)


def _end(here: Here, hui: Hui, _student: Student) -> None:
    done = request.form.get("done") == "yes"
    meetings.end_step(
        here.work, hui, an_id("step_id"), done=done, explained=request.form.get("explained", ""), links=runtime().links
    )


def look_back(here: Here, hui: Hui) -> None:
    """Keep how a next step went, as the student, somebody of the school or a guest says.

    What a guest says is written down by whoever may hold a hui. Raises as ``meetings.evaluate``.
    """
    said_by = request.form.get("whose", "")
    own = {"", *Whose} - {Whose.GUEST}
    whose = Whose.STUDENT if said_by == Whose.STUDENT else Whose.SCHOOL
    guest_id = None if said_by in own else read_id(said_by)
    if said_by not in own and (guest_id is None or not here.viewer.may(Permission.HOLD_HUI)):
        raise NotFound(N_("That person is not on the list."))
    meetings.evaluate(
        here.work,
        hui,
        an_id("step_id"),
        whose=whose,
        helped=one_of(Helped, "helped"),
        words=request.form.get("words", ""),
        contact_id=None,
        guest_id=guest_id,
    )


def _correct(here: Here, hui: Hui, _student: Student) -> None:
    meetings.correct(here.work, hui, request.form.get("correction", ""), contact_id=None, links=runtime().links)


Act = Callable[[Here, Hui, Student], None]
PREPARES: dict[str, Act] = {
    "purpose": _purpose,
    "invite": _invite,
    "propose": _propose,
    "person": _person,
    "bring": _bring,
    "mail": _mail,
    "choose": _choose,
    "wishes": _wishes,
    "item": _item,
    "template": _template,
    "form": _form,
    "voice": _voice,
    "family_voice": _family_voice,
    "call_off": _call_off,
    "apart": _apart,
}
RUNS: dict[str, Act] = {
    "places": _places,
    "item": _item,
    "decide": _decide,
    "step": _step,
    "mend": _mend,
    "unstep": _unstep,
    "unitem": _unitem,
    "next": _next,
    "read_back": _read_back,
    "later": _later,
    "finish": _finish,
    "minutes": _minutes,
    "end": _end,
    "correct": _correct,
}
