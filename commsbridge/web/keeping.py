"""Keeping what a form says: whole or not at all, with the sentence of a refusal beside its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import say
from commsbridge.foundation.work import Work
from commsbridge.web.acting import Here, at_school, language


def kept(work: Work, act: Callable[[], object]) -> dict[str, str]:
    """Do ``act``; when it is refused, undo all of it and give {field: sentence}, "" for a sentence about the whole.

    The page that shows the sentences is made in the same work, so what was half done must not be kept with it.
    """
    try:
        with work.session.begin_nested():
            act()
    except (Invalid, Conflict) as refusal:
        return beside(refusal)
    return {}


def beside(
    refusal: Invalid | Conflict, called: Mapping[str, str] | None = None, *, otherwise: str = ""
) -> dict[str, str]:
    """{field: sentence} of a refusal, in the language of the page.

    ``called`` are the names a form has for a room's fields; ``otherwise`` is the field for a sentence about the whole.
    """
    field = refusal.field or otherwise
    return {(called or {}).get(field, field): say(language(), refusal.sentence, **refusal.slots)}


def one_act(
    endpoint: str, page: Callable[[Here, dict[str, str]], str], act: Callable[[Here, str], object]
) -> str | tuple[str, int] | Response:
    """A page with small forms that each name what they do: shown, or done and shown again with what was done.

    ``page`` draws it with the sentences of a refusal by their field; ``act`` does what a form's "act" names.
    """
    with at_school() as here:
        if request.method == "GET":
            return page(here, {})
        named = request.form.get("act", "")
        errors = kept(here.work, lambda: act(here, named))
        if errors:
            return page(here, errors), 400
    return redirect(url_for(endpoint, told=named))
