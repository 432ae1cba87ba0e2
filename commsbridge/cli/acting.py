"""How a command acts: it opens a runtime, finds the school, and works there as an operator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from commsbridge import schools
from commsbridge.app import make_runtime
from commsbridge.foundation.actors import OPERATOR
from commsbridge.foundation.work import Work
from commsbridge.runtime import Runtime
from commsbridge.schools import School
from commsbridge.settings import read_settings

school_option = click.option(
    "--school", "written", metavar="SCHOOL", help="Its number, name or id; may be left out when there is one school."
)


@contextmanager
def opened_runtime() -> Iterator[Runtime]:
    """A runtime from the settings, its connections closed afterwards. Raises SettingsError."""
    runtime = make_runtime(read_settings())
    try:
        yield runtime
    finally:
        runtime.database.dispose()


def the_school(runtime: Runtime, written: str | None) -> School:
    """The school of --school, or the only one. Raises NotFound or Conflict, which say how to go on."""
    with runtime.lobby() as lobby:
        return schools.find_school(lobby, written) if written else schools.the_one_school(lobby)


@contextmanager
def work_at(runtime: Runtime, written: str | None) -> Iterator[Work]:
    """One act of an operator in that school: committed when the block ends, undone when it raises."""
    with runtime.work(the_school(runtime, written).id, OPERATOR) as work:
        yield work
