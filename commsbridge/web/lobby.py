"""The pages of the lobby themselves: the door, the choice of a school, the password once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, g, render_template, request

from commsbridge.foundation.language import N_, Language, say
from commsbridge.schools import Place

NEXT_CARE = N_("What comes next needs care.")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody the demo lets one come in as with one press, with a line on who they are."""

    email: str
    name: str
    role: str
    password: str


def sign_in_form(
    email: str = "", errors: Mapping[str, str] | None = None, *, told: str | None = None, carried: str = ""
) -> str:
    """The door. ``carried`` is a sealed form that goes on once its writer is in."""
    people: tuple[DemoPerson, ...] = current_app.extensions["demo_people"]
    return render_template(
        "sign_in.html",
        email=email,
        errors=errors or {},
        told=told,
        next=request.values.get("next", ""),
        carried=carried,
        demo_people=[{"value": person.email, "name": person.name, "role": person.role} for person in people],
    )


def choose_page(places: Sequence[Place], *, carried: str = "") -> str:
    """The schools of one sign-in, to choose from."""
    mi = g.language is Language.MI
    listed = [
        {
            "school_id": place.school_id,
            "name": place.name_mi if mi else place.name_en,
            "lang": "mi" if mi else None,
            "role": "",
        }
        for place in places
    ]
    return render_template("choose_school.html", schools=listed, next=request.values.get("next", ""), carried=carried)


def confirm_page(errors: Mapping[str, str] | None = None, *, carried: str = "") -> str:
    """The password once more."""
    return render_template(
        "confirm.html",
        what=say(g.language, NEXT_CARE),
        next=request.values.get("next", ""),
        carried=carried,
        errors=errors or {},
    )
