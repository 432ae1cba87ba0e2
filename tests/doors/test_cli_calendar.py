"""The calendar commands: terms and closed days of a school, and what they refuse."""

from __future__ import annotations

import pytest

from tests.conftest import RoleUrls
from tests.doors.command_line import RIMU, CommandLine, environment_of


@pytest.fixture
def call(role_urls: RoleUrls) -> CommandLine:
    """The command line over an empty database with one school in it."""
    call = CommandLine(environment_of(role_urls))
    call.says("school", "create", *RIMU, "--region", "CAN")
    return call


def test_the_shipped_terms_are_shown(call: CommandLine) -> None:
    shown = call.says("calendar", "show")
    assert "2026 term 4: 2026-10-12 to 2026-12-18" in shown


def test_a_term_of_ones_own_takes_the_place_of_the_shipped_one_and_can_be_given_back(call: CommandLine) -> None:
    call.says("calendar", "set-term", "2026", "4", "2026-10-12", "2026-12-15")
    assert "2026 term 4: 2026-10-12 to 2026-12-15" in call.says("calendar", "show")
    call.says("calendar", "forget-term", "2026", "4")
    assert "2026 term 4: 2026-10-12 to 2026-12-18" in call.says("calendar", "show")


def test_a_closed_day_is_noted_shown_and_taken_back(call: CommandLine) -> None:
    call.says("calendar", "close-day", "2026-11-20", "--why", "Teacher-only day")
    assert "closed 2026-11-20: Teacher-only day" in call.says("calendar", "show")
    call.says("calendar", "open-day", "2026-11-20")
    assert "Teacher-only day" not in call.says("calendar", "show")


def test_a_term_that_runs_backwards_changes_nothing(call: CommandLine) -> None:
    assert "Error" in call.refuses("calendar", "set-term", "2026", "4", "2026-12-15", "2026-10-12")
    assert "2026 term 4: 2026-10-12 to 2026-12-18" in call.says("calendar", "show")
