"""The directory of learning support: services as data, in both languages, each with its source and what was checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_, Language


class Group(StrEnum):
    """Where a service stands on the page: whom to ask first, whom next, and what to read."""

    FIRST = "first"
    HOME = "home"
    SCHOOL = "school"
    HARD = "hard"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Service:
    """One service. Each pair is in English and te reo Māori.

    ``families``: it stands on the page for whānau; ``asked``: a request for it can be followed. ``read_on``: when a
    kept copy of ``source`` was read; ``heed`` is what its reader should know of that source; ``checked_on``: when
    somebody looked at the live page or rang (None: not yet).
    """

    key: str
    group: Group
    families: bool
    asked: bool
    name: tuple[str, str]
    whom: tuple[str, str]
    how: tuple[str, str]
    source: str
    phone: str | None = None
    cost: tuple[str, str] | None = None
    heed: tuple[str, str] | None = None
    read_on: date | None = None
    checked_on: date | None = None

    def name_in(self, language: Language) -> str:
        """Its name."""
        return self.name[language is Language.MI]

    def whom_in(self, language: Language) -> str:
        """Whom it is for."""
        return self.whom[language is Language.MI]

    def how_in(self, language: Language) -> str:
        """How one asks for it."""
        return self.how[language is Language.MI]

    def cost_in(self, language: Language) -> str:
        """What it costs the family, where its source says so."""
        return self.cost[language is Language.MI] if self.cost else ""

    def heed_in(self, language: Language) -> str:
        """What to know of its source before one counts on the entry."""
        return self.heed[language is Language.MI] if self.heed else ""


PAIRS = frozenset({"name", "whom", "how", "cost", "heed"})


@cache
def services() -> tuple[Service, ...]:
    """Every service, in the order of the file. Raises ValueError or TypeError for a file that is not as it says."""
    written = files("commsbridge.support").joinpath("data/services.toml").read_text("utf-8")
    return tuple(_service(each) for each in tomllib.loads(written)["service"])


def _service(written: dict[str, Any]) -> Service:
    pairs = {name: _pair(each) for name, each in written.items() if name in PAIRS}
    return Service(**{**written, **pairs, "group": Group(written["group"])})


def _pair(written: list[str]) -> tuple[str, str]:
    english, reo = written
    return english, reo


def service_named(key: str) -> Service:
    """One service. Raises NotFound."""
    for each in services():
        if each.key == key:
            return each
    raise NotFound(N_("That service is not in the directory."))
