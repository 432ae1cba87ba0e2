"""`commsbridge praise …`: good news sent from the command line, as a member of staff."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

import click

from commsbridge import messages, schools, students, whanau
from commsbridge.cli.acting import opened_runtime, school_option, work_at
from commsbridge.cli.commands import Verb, Verbs
from commsbridge.foundation.actors import Actor
from commsbridge.foundation.language import Language
from commsbridge.foundation.work import Work
from commsbridge.messages import Delivery, Draft, Matter, Question
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web import Shown


@click.group(cls=Verbs)
def praise() -> None:
    """Good news."""


@praise.command(cls=Verb)
@school_option
@click.option("--as", "writer", required=True, metavar="STAFF", help="Who sends it: their mail address.")
@click.option("--student", "wanted", required=True, help="The student's id on the roll, or their name.")
@click.option("--words", default="", help="Their own words.")
@click.option("--phrase", "key", metavar="KEY", help="A praise of the school's bank, by its key: `praise phrases`.")
@click.option("--as-link", is_flag=True, help="Keep the words out of the message: it only says that there is a note.")
@click.option("--as-it-is", is_flag=True, help="Send words that name another child after all.")
def send(
    written: str | None, writer: str, wanted: str, words: str, key: str | None, *, as_link: bool, as_it_is: bool
) -> None:
    """Praise a student to everybody who may hear it, each in their way and language; says who gets what."""
    with opened_runtime() as runtime, work_at(runtime, written) as operators:
        work = replace(operators, actor=Actor.staff(schools.staff_named(operators, writer).id))
        student = _student(work, wanted)
        draft = Draft(_phrase(work, key), words, as_link=as_link)
        _ask(work, student, draft, as_it_is=as_it_is)
        message = messages.send_praise(work, student, draft, links=runtime.links)
        told = messages.written(work, [message.id])[message.id]
        lines = _lines(work, told.deliveries)
    click.echo(f"{student.name}: {messages.words_of(told, student.preferred_name, Language.EN)}")
    for line in lines:
        click.echo(line)


@praise.command(cls=Verb)
@school_option
@click.option("--student", "wanted", required=True, help="The student's id on the roll, or their name.")
def phrases(written: str | None, wanted: str) -> None:
    """List the praises a student has not had this term, by key."""
    with opened_runtime() as runtime, work_at(runtime, written) as work:
        student = students.find_student(work, wanted)
        for phrase in messages.offered_phrases(work, student):
            click.echo(f"{phrase.key}\n  {phrase.text_en}\n  {phrase.text_mi}")


def _student(work: Work, wanted: str) -> Student:
    """The student, as somebody who may praise them sees them. Raises NotFound or NotAllowed."""
    if work.actor.id is None:
        msg = "praise comes from a member of staff"
        raise ValueError(msg)
    viewer = schools.viewer_for(work, work.actor.id)
    schools.allow(viewer, Permission.SEND_PRAISE)
    return students.student_for(work, viewer, students.find_student(work, wanted).id)


def _phrase(work: Work, key: str | None) -> uuid.UUID | None:
    """The phrase of a key. Raises click.BadParameter for one that is not in the bank."""
    if key is None:
        return None
    phrase = messages.phrase_by_key(work, key)
    if phrase is None:
        msg = f"There is no praise “{key}” in this school's bank: `commsbridge praise phrases` lists them."
        raise click.ClickException(msg)
    return phrase.id


def _ask(work: Work, student: Student, draft: Draft, *, as_it_is: bool) -> None:
    """Stop before words about another child, health, toileting or behaviour go out, unless they stay behind a link."""
    if not draft.words or draft.as_link:
        return
    others = {each: tuple(names) for each, names in students.names_in_school(work, student.id).items()}
    asked = messages.questions_for(
        draft.words, child_names=(student.preferred_name, student.name), other_children=others
    )
    open_questions = [each for each in asked if not (as_it_is and each.matter is Matter.OTHER_CHILD)]
    if open_questions:
        raise click.ClickException(_asked(open_questions))


def _asked(questions: Sequence[Question]) -> str:
    said = [question.said(Language.EN) for question in questions]
    options = "--as-link keeps the words out of the message"
    if all(question.matter is Matter.OTHER_CHILD for question in questions):
        options += "; --as-it-is sends them all the same"
    return "\n".join([*said, f"Nothing was sent. {options}."])


def _lines(work: Work, deliveries: Sequence[Delivery]) -> list[str]:
    """Who gets what: the name, the way, the language, where it stands, and the very words."""
    shown = Shown(Language.EN, schools.calendar_of(work), work.now)
    names = whanau.contact_names(work, [each.contact_id for each in deliveries if each.contact_id])
    lines = []
    for each in deliveries:
        name = names.get(each.contact_id, "") if each.contact_id else ""
        language = shown.language_asked(each.language)["name"]
        lines.append(f"\n{name}, {shown.channel(each.channel).lower()}, {language}: {shown.standing(each)['sentence']}")
        lines.extend(f"  {line}" for line in each.body.splitlines())
    return lines
