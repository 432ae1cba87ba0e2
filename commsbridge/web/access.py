"""Who may enter each route: declared beside the route, enforced before the page runs, and tested for every route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask

from commsbridge.schools import Permission


class Entrance(StrEnum):
    """Kinds of door."""

    OPEN = "open"
    SIGNED_IN = "signed_in"
    AT_SCHOOL = "at_school"
    CARRIER = "carrier"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may enter: anybody, a signed-in person, staff at a school, a carrier that signs, or the holder of a link.

    Staff may need a ``permission``; ``confirmed`` asks that the password was given lately.
    """

    entrance: Entrance
    permission: Permission | None = None
    confirmed: bool = False


OPEN = Access(Entrance.OPEN)
SIGNED_IN = Access(Entrance.SIGNED_IN)
AT_SCHOOL = Access(Entrance.AT_SCHOOL)
CARRIER = Access(Entrance.CARRIER)
LINK = Access(Entrance.LINK)


def may(permission: Permission, *, confirmed: bool = False) -> Access:
    """Staff at a school whose roles include ``permission``; ``confirmed`` asks for the password again first."""
    return Access(Entrance.AT_SCHOOL, permission, confirmed)


View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One route with its view and who may enter."""

    rule: str
    endpoint: str
    methods: tuple[str, ...]
    access: Access
    view: View
    csrf: bool


class Pages:
    """The routes of one module; none can be added without saying who may enter."""

    def __init__(self) -> None:
        self.pages: list[Page] = []

    def route(
        self, rule: str, access: Access, *, methods: tuple[str, ...] = ("GET",), endpoint: str = "", csrf: bool = True
    ) -> Callable[[View], View]:
        """Add a route. ``csrf`` is off only for callers that prove themselves otherwise (carriers, one-click links)."""

        def added(view: View) -> View:
            self.pages.append(Page(rule, endpoint or view.__name__, methods, access, view, csrf))
            return view

        return added


def add_pages(app: Flask, rooms: tuple[Pages, ...]) -> None:
    """Add every route to the application and note its access in ``app.extensions["access"]`` by endpoint."""
    declared: dict[str, Access] = app.extensions.setdefault("access", {})
    for room in rooms:
        for page in room.pages:
            app.add_url_rule(page.rule, page.endpoint, page.view, methods=list(page.methods))
            declared[page.endpoint] = page.access
            if not page.csrf:
                app.extensions["csrf"].exempt(page.view)
