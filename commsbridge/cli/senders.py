"""`commsbridge sender …`: the numbers and addresses that messages leave from."""

from __future__ import annotations

import click

from commsbridge import schools
from commsbridge.cli.acting import opened_runtime, school_option, the_school, work_at
from commsbridge.cli.commands import Verb, Verbs
from commsbridge.foundation.actors import OPERATOR
from commsbridge.runtime import Runtime
from commsbridge.schools import Sender, SenderKind


@click.group(cls=Verbs)
def sender() -> None:
    """Numbers for texts and addresses for mail."""


@sender.command(cls=Verb)
@school_option
@click.option(
    "--kind",
    required=True,
    type=click.Choice([kind.value for kind in SenderKind]),
    help="What a reply costs follows from it.",
)
@click.option("--address", required=True, help="A short code or number, or a mail address.")
@click.option("--rate", default=1.0, show_default=True, help="Text segments or mails a second that the carrier takes.")
@click.option("--burst", default=10, show_default=True, help="How many may go at once.")
@click.option("--shared", is_flag=True, help="Several schools send from it; who wrote decides whose the answer is.")
@click.option("--carrier-adds-charge-words", is_flag=True, help="The carrier itself adds that a reply is charged.")
def add(
    written: str | None,
    kind: str,
    address: str,
    rate: float,
    burst: int,
    *,
    shared: bool,
    carrier_adds_charge_words: bool,
) -> None:
    """Add a sender and give it to a school."""
    with opened_runtime() as runtime:
        school = the_school(runtime, written)
        with runtime.lobby() as lobby:
            made = schools.add_sender(
                lobby,
                kind=SenderKind(kind),
                address=address,
                shared=shared,
                rate=rate,
                burst=burst,
                carrier_adds_charge_words=carrier_adds_charge_words,
            )
            schools.give_sender(lobby, school.id, made.id)
    click.echo(f"{school.name_en} sends from {_described(made)} from now on.")


@sender.command(cls=Verb)
@click.argument("address")
@school_option
def give(address: str, written: str | None) -> None:
    """Let a school send from a sender that is there already: a shared one."""
    with opened_runtime() as runtime:
        school = the_school(runtime, written)
        found = _sender_at(runtime, address)
        with runtime.lobby() as lobby:
            schools.give_sender(lobby, school.id, found.id)
    click.echo(f"{school.name_en} sends from {_described(found)} from now on.")


@sender.command("list", cls=Verb)
@school_option
def list_all(written: str | None) -> None:
    """List a school's senders, the one used now first."""
    with opened_runtime() as runtime, work_at(runtime, written) as work:
        found = schools.senders_of(work)
    for each in found:
        click.echo(_described(each) + (f" · out of order: {each.alarm}" if each.alarm else ""))
    if not found:
        click.echo("This school has no sender yet: nothing can be sent. Add one with: commsbridge sender add")


def _sender_at(runtime: Runtime, address: str) -> Sender:
    """A sender by its address, through a school that has it. Raises click.ClickException when there is none."""
    with runtime.lobby() as lobby:
        holders = schools.schools_of_sender(lobby, address)
    for school_id in holders:
        with runtime.work(school_id, OPERATOR) as work:
            found = schools.sender_at(work, address)
        if found:
            return found
    msg = f"There is no sender {address}. Add it with: commsbridge sender add"
    raise click.ClickException(msg)


def _described(each: Sender) -> str:
    shared = ", shared" if each.shared else ""
    return f"{each.address} ({each.kind.replace('_', ' ')}{shared}, {each.rate:g} a second, {each.burst} at once)"
