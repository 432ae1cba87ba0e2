"""The school's own forms for a hui about a plan: headings in both languages, and every version of them kept."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select, tuple_

from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.meetings.bringing import add_items
from commsbridge.meetings.form_models import HuiForm
from commsbridge.meetings.kinds import TEMPLATES
from commsbridge.meetings.models import Hui, HuiItem, HuiKind, Whose
from commsbridge.meetings.opening import words_kept
from commsbridge.meetings.reading import items_of
from commsbridge.students import Student

LONGEST_FORM_TITLE = 60
LONGEST_HEADING = 200
MOST_HEADINGS = 12
MOST_FORMS = 20
Both = tuple[str, str]


def forms_of(work: Work, *, retired: bool = False) -> list[HuiForm]:
    """The school's forms as they stand, by name; with ``retired`` also those no hui begins with any more."""
    newest = select(HuiForm.form_id, func.max(HuiForm.number)).group_by(HuiForm.form_id)
    rows = select(HuiForm).where(tuple_(HuiForm.form_id, HuiForm.number).in_(newest))
    found = list(work.session.scalars(rows.order_by(HuiForm.title_en, HuiForm.form_id)))
    return [each for each in found if retired or not each.retired]


def form_named(work: Work, form_id: uuid.UUID) -> HuiForm:
    """A form as it stands, retired or not. Raises NotFound."""
    rows = select(HuiForm).where(HuiForm.form_id == form_id).order_by(HuiForm.number.desc()).limit(1)
    found = work.session.scalars(rows).first()
    if found is None:
        raise NotFound(N_("There is no such form here."))
    return found


def make_form(work: Work, title: Both, headings: Sequence[Both]) -> HuiForm:
    """Write a form; ``title`` and each heading are (English, te reo Māori), headings with no word are left out.

    Raises Invalid for no heading, too many, words in one language alone or too long, a heading that stands there
    twice, and one form too many; Conflict for a name in use.
    """
    _one_at_a_time(work)
    if len(forms_of(work, retired=True)) >= MOST_FORMS:
        raise Invalid(N_("A school has at most %(most)s forms. Change one that is there."), most=MOST_FORMS)
    return _keep(work, uuid.uuid4(), 1, title, headings)


def change_form(work: Work, form_id: uuid.UUID, title: Both, headings: Sequence[Both], *, before: int) -> HuiForm:
    """Write its next version; a hui that has an earlier one keeps those words.

    ``before`` is the version that was read. Raises as ``make_form``; NotFound, and Conflict where somebody else has
    changed it meanwhile.
    """
    stands = _unchanged(work, form_id, before)
    return _keep(work, form_id, stands.number + 1, title, headings, retired=stands.retired)


def retire_form(work: Work, form_id: uuid.UUID, *, retired: bool, before: int) -> HuiForm:
    """No hui begins with it any more, or again. Raises NotFound, and Conflict as ``change_form``."""
    stands = _unchanged(work, form_id, before)
    title, headings = (stands.title_en, stands.title_mi), [(each[0], each[1]) for each in stands.headings]
    return _keep(work, form_id, stands.number + 1, title, headings, retired=retired)


def add_form(work: Work, hui: Hui, form_id: uuid.UUID) -> list[HuiItem]:
    """Put the headings of a form on the agenda as the school's points, in its order; the family's stay before them.

    Raises NotFound; Conflict for a hui about something else than a plan, a retired form, and where all its headings
    stand there already.
    """
    form = form_named(work, form_id)
    if hui.kind is not HuiKind.IEP:
        raise Conflict(N_("This form is for a hui about a plan."))
    if form.retired:
        raise Conflict(N_("This form is not used any more. Choose another one."))
    there = {each.words for each in items_of(work, hui)}
    wanted = [each for each in form.headings if each[0] not in there]
    if not wanted:
        raise Conflict(N_("All of this form is on the agenda already."))
    return _add_both(work, hui, [(each[0], each[1]) for each in wanted])


def add_usual_points(work: Work, hui: Hui, student: Student) -> list[HuiItem]:
    """Put what a hui of its kind begins with on the agenda as the school's points, in both languages.

    Raises Conflict where all of it stands there already, or the agenda is closed.
    """
    name = student.preferred_name
    points = [(say(Language.EN, each, name=name), say(Language.MI, each, name=name)) for each in TEMPLATES[hui.kind]]
    there = {each.words for each in items_of(work, hui)}
    wanted = [(english, reo) for english, reo in points if english not in there]
    if not wanted:
        raise Conflict(N_("All of these points are on the agenda already."))
    return _add_both(work, hui, wanted)


def _add_both(work: Work, hui: Hui, points: Sequence[Both]) -> list[HuiItem]:
    items = add_items(work, hui, Whose.SCHOOL, [english for english, _ in points])
    for item, (_, reo) in zip(items, points, strict=True):
        item.words_mi = reo
    work.session.flush()
    return items


def _one_at_a_time(work: Work) -> None:
    """Of two who write forms at once the second sees what the first wrote."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"hui forms {work.school_id}", 0))))


def _unchanged(work: Work, form_id: uuid.UUID, before: int) -> HuiForm:
    _one_at_a_time(work)
    stands = form_named(work, form_id)
    if stands.number != before:
        raise Conflict(N_("Somebody has changed this form meanwhile. Open it again and read their words first."))
    return stands


def _keep(
    work: Work, form_id: uuid.UUID, number: int, title: Both, headings: Sequence[Both], *, retired: bool = False
) -> HuiForm:
    if work.actor.kind is not ActorKind.STAFF or work.actor.id is None:
        raise NotAllowed(N_("Sign in first."))
    english, reo = (
        words_kept(each, field, longest=LONGEST_FORM_TITLE)
        for each, field in zip(title, ("title_en", "title_mi"), strict=True)
    )
    if not english or not reo:
        field = "title_mi" if english else "title_en"
        raise Invalid(N_("Name the form in both languages."), field=field)
    others = [each for each in forms_of(work) if each.form_id != form_id]
    if not retired and any(english == each.title_en or reo == each.title_mi for each in others):
        raise Conflict(N_("There is a form of that name already. Change that one, or choose another name."))
    kept = _checked(headings)
    form = HuiForm(
        form_id=form_id, number=number, title_en=english, title_mi=reo, headings=[list(each) for each in kept],
        retired=retired, staff_id=work.actor.id, at=work.now,
    )  # fmt: skip
    work.session.add(form)
    work.session.flush()
    return form


def _checked(headings: Sequence[Both]) -> list[Both]:
    """The headings as they are kept; what is refused is named by its place, from 1."""
    kept: list[Both] = []
    for place, (english, reo) in enumerate(headings, 1):
        if not tidy(english) and not tidy(reo):
            continue
        pair = (
            words_kept(english, f"en-{place}", longest=LONGEST_HEADING),
            words_kept(reo, f"mi-{place}", longest=LONGEST_HEADING),
        )
        if not all(pair):
            field = f"mi-{place}" if pair[0] else f"en-{place}"
            raise Invalid(N_("Write this heading in both languages."), field=field)
        if any(pair[0] == each for each, _ in kept):
            raise Invalid(N_("This heading stands there twice."), field=f"en-{place}")
        kept.append(pair)
    if not 1 <= len(kept) <= MOST_HEADINGS:
        raise Invalid(N_("A form has between one and %(most)s headings."), field="en-1", most=MOST_HEADINGS)
    return kept
