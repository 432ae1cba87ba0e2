"""Photos that go with praise: chosen on its page, shown to staff who see the child, and to whoever got the link."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, g, render_template, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages import Delivery, Draft, Photo
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import LINK, Pages, may
from commsbridge.web.acting import at_school, runtime
from commsbridge.web.links import other_languages, reader_language
from commsbridge.web.photo_permission import permission_says
from commsbridge.web.shown import Shown

pages = Pages()
# The form with its photo: a little more than the largest photo, so that one too large is refused in plain words.
LARGEST_FORM = 24 * 1024 * 1024
WORK_ONLY = N_("Work only: nobody’s face")
CHILD_ONLY = N_("%(name)s, and nobody else")
OTHERS = N_("Somebody else, too")
OTHERS_MORE = N_("We cannot send that photo: their whānau were not asked.")


def photo_kept(work: Work, student: Student) -> uuid.UUID | None:
    """The photo that a form brings as a file, kept; None when it brings none. Raises Invalid as keep_photo does."""
    file = request.files.get("photo")
    if file is not None and file.filename:
        alt, shows = request.form.get("photo_alt", ""), request.form.get("photo_shows", "")
        return messages.keep_photo(work, student, file.read(), alt=alt, shows=shows).id
    return None


def photo_form(
    work: Work, student: Student, draft: Draft | None, shown: Shown, errors: dict[str, str]
) -> dict[str, Any]:
    """What the page of praise, or of a book (no draft), asks and shows of a photo."""
    kept = messages.photo_by_id(work, draft.photo_id) if draft and draft.photo_id else None
    name = student.preferred_name
    options = [{"value": "work", "label": shown.say(WORK_ONLY)}]
    if whanau.may_show(work, student.id):
        options.append({"value": "child", "label": shown.say(CHILD_ONLY, name=name)})
    options.append({"value": "others", "label": shown.say(OTHERS), "small": shown.say(OTHERS_MORE)})
    return {
        "kept": photo_row(student.id, kept) if kept and kept.student_id == student.id else None,
        "alt": request.form.get("photo_alt", ""),
        "shows": request.form.get("photo_shows", ""),
        "options": options,
        "allowed": permission_says(work, student, shown)["sentence"],
        "open": bool({"photo", "photo_alt", "photo_shows"} & set(errors)),
    }


def photo_row(student_id: uuid.UUID, photo: Photo) -> dict[str, Any]:
    """A photo as staff pages show it."""
    return {
        "id": photo.id,
        "url": url_for("photo", student_id=student_id, photo_id=photo.id),
        "alt": photo.alt,
        "width": photo.width,
        "height": photo.height,
    }


def picture(photo: Photo) -> Response:
    """The photo itself."""
    return Response(photo.content, mimetype=photo.media_type, headers={"Content-Disposition": "inline"})


@pages.route("/students/<uuid:student_id>/photos/<uuid:photo_id>", may(Permission.READ_LOG))
def photo(student_id: uuid.UUID, photo_id: uuid.UUID) -> Response:
    """A photo, for staff who see the child."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        return picture(messages.photo_of(here.work, student, photo_id))


def _behind(token: str) -> tuple[uuid.UUID, uuid.UUID]:
    """The school and the delivery behind a link."""
    named = runtime().links.read("photo", token)
    if named is None:
        raise PageNotFound
    number, delivery_id = named
    with runtime().lobby() as lobby:
        school = schools.school_numbered(lobby, number)
    if school is None:
        raise PageNotFound
    return school.id, delivery_id


def _to_see(work: Work, delivery_id: uuid.UUID) -> tuple[Delivery, Photo]:
    found = messages.delivery_of(work, delivery_id)
    photo = messages.photo_to_see(work, found[0]) if found else None
    if found is None or photo is None:
        raise PageNotFound
    return found[0], photo


@pages.route("/photo/<token>", LINK)
def photo_page(token: str) -> str:
    """The photo of one message, for whoever it went to, and nothing else."""
    school_id, delivery_id = _behind(token)
    with runtime().work(school_id) as work:
        delivery, photo = _to_see(work, delivery_id)
        school = schools.school_of(work)
        child = students.names_of(work, [photo.student_id])[photo.student_id].preferred
        g.language = reader_language(delivery)
        return render_template(
            "photo.html",
            name=child,
            school=school.name_in(g.language),
            photo={
                "url": url_for("photo_picture", token=token),
                "alt": photo.alt,
                "width": photo.width,
                "height": photo.height,
            },
            others=other_languages("photo_page", token=token),
        )


@pages.route("/photo/<token>/picture", LINK)
def photo_picture(token: str) -> Response:
    """The photo itself; nothing between the service and the phone keeps it."""
    school_id, delivery_id = _behind(token)
    with runtime().work(school_id) as work:
        return picture(_to_see(work, delivery_id)[1])
