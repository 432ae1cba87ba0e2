"""`commsbridge log …`: one child's partnership log."""

from __future__ import annotations

from typing import Any

import click

from commsbridge import partnership, schools, students
from commsbridge.cli.acting import opened_runtime, school_option, work_at
from commsbridge.cli.commands import Verb, Verbs
from commsbridge.foundation.language import Language
from commsbridge.web import Shown, log_rows


@click.group(cls=Verbs)
def log() -> None:
    """The partnership log."""


@log.command(cls=Verb)
@school_option
@click.option("--student", "wanted", required=True, help="The student's id on the roll, or their name.")
@click.option("--search", default="", help="Only moments with these words; macrons do not matter.")
@click.option(
    "--limit", default=30, show_default=True, type=click.IntRange(1, 1000), help="How many, the newest first."
)
def show(written: str | None, wanted: str, search: str, limit: int) -> None:
    """Show a student's log, the newest first. Who looked is written down."""
    with opened_runtime() as runtime, work_at(runtime, written) as work:
        student = students.find_student(work, wanted)
        entries = partnership.timeline(work, student.id, search=search, limit=limit)
        shown = Shown(Language.EN, schools.calendar_of(work), work.now)
        rows = log_rows(work, entries, student, shown, sees_limits=True)
        schools.note_look(work, subject="log", subject_id=student.id)
    click.echo(f"{student.name} ({student.roll_id})")
    for row in rows:
        click.echo("\n".join(_lines(row)))
    if not rows:
        click.echo("There is nothing in the log yet." if not search else "Nothing in the log has these words.")


def _lines(row: dict[str, Any]) -> list[str]:
    """One moment: when and what, the words, what became of it."""
    lines = [f"\n{row['day']}, {row['time']} · {row['title']} {row['byline']}".rstrip()]
    if row["words"]:
        lines.append(f"  “{row['words']}”")
    return lines + [f"  {state['sentence']}" for state in row["states"]]
