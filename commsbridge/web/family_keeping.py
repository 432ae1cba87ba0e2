"""The office and a contact's own page: send its link, close all that opens it, end a word they forgot."""

from __future__ import annotations

import uuid

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from commsbridge import books, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import at_school, runtime
from commsbridge.web.seen import contact_for
from commsbridge.whanau import Channel

pages = Pages()


@pages.route("/contacts/<uuid:contact_id>/page", may(Permission.EDIT_CONTACTS, confirmed=True), methods=("POST",))
def contact_own_page(contact_id: uuid.UUID) -> Response:
    """Send the link again, to a phone of theirs that nobody doubts; close their page; or end a word they forgot."""
    with at_school() as here:
        contact = contact_for(here, contact_id).contact
        if request.form.get("act") == "close":
            books.close_pages(here.work, contact_id)
        elif request.form.get("act") == "word":
            if not request.form.get("rung"):
                raise Invalid(N_("Ring them first, on a number you already hold. Then tick that you did."))
            books.end_word(here.work, contact_id)
        else:
            phones = [
                way.address
                for way in whanau.ways_in_use(here.work, contact_id)
                if way.channel is Channel.TEXT and way.address
            ]
            if not any(books.send_link(here.work, contact, each, links=runtime().links) for each in phones):
                raise Invalid(N_("No link can go to them: confirm a number for texts first."))
    return redirect(url_for("contact_edit", contact_id=contact_id, saved="yes"))
