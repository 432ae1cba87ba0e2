"""`commsbridge school import`: a roll file judged, taken in, and what is wrong with it given back."""

from __future__ import annotations

import json
from pathlib import Path

import click

from commsbridge import messages, whanau
from commsbridge.cli.acting import opened_runtime, school_option, work_at
from commsbridge.cli.commands import Verb

NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("import", cls=Verb)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@school_option
@click.option(
    "--dry-run", is_flag=True, help="Judge the file, change nothing. Needs no database unless --school is given."
)
@click.option("--whole-school", is_flag=True, help="FILE names everybody: a student who is not in it has left.")
@click.option("--json", "json_file", type=NEW_FILE, help="Write the report there, for programs.")
@click.option("--bad-rows", type=NEW_FILE, help="Write the rows to mend there, with the reason, to import again.")
def import_roll(
    file: Path, written: str | None, json_file: Path | None, bad_rows: Path | None, *, dry_run: bool, whole_school: bool
) -> None:
    """Import the roll FILE (CSV): one row a contact. Good rows go in, bad ones come back; twice changes nothing."""
    sheet = whanau.roll.read_roll(file.read_bytes())
    applied = None
    if dry_run and written is None:
        judged = whanau.roll.judge(sheet, whanau.roll.KnownRoll())
    else:
        with opened_runtime() as runtime, work_at(runtime, written) as work:
            judged = whanau.roll.judge(sheet, whanau.roll.known_roll(work))
            if not dry_run:
                applied = messages.take_roll(work, judged, whole_school=whole_school)
    report = whanau.roll.report(judged)
    _tell(judged, report)
    _tell_applied(applied)
    if json_file:
        json_file.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if bad_rows:
        bad_rows.write_bytes(whanau.roll.bad_rows_csv(judged))
    if report["issues"] and not report["students"]:
        raise SystemExit(1)


def _tell(judged: whanau.roll.JudgedRoll, report: whanau.roll.RollReport) -> None:
    click.echo(
        f"In the file: {report['students']} students, {report['contacts']} contacts, {report['links']} links between "
        f"them, {report['restricted_links']} of which may not be messaged."
    )
    for issue in report["issues"]:
        column = f", {issue['column']}" if issue["column"] else ""
        click.echo(f"Row {issue['row']}{column}: {issue['reason']} ({issue['severity']})")
    if judged.changes_to_confirm:
        click.echo(f"Numbers that changed and wait for a person to confirm them: {len(judged.changes_to_confirm)}")


def _tell_applied(applied: whanau.roll.Applied | None) -> None:
    if applied is None:
        click.echo("Nothing was changed: this was a dry run.")
        return
    click.echo(
        f"New: {applied.students_added} students, {applied.contacts_added} contacts, {applied.links_added} links. "
        f"Back: {applied.students_returned}. Left: {len(applied.left)}."
    )
    for email in applied.teachers_unknown:
        click.echo(f"Nobody on the staff has the address {email}: add them, then import again.")
