"""The command `commsbridge demo`: what it prints, and what it says when it cannot."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import click

from commsbridge.demo.people import DAN, MEREANA, STAFF
from commsbridge.demo.place import DemoError, Place
from commsbridge.demo.roll import NAME_EN, PASSWORD
from commsbridge.demo.running import Demo, run
from commsbridge.foundation.addresses import show_phone
from commsbridge.local_postgres import LocalPostgresError

CHECKOUT = Path(__file__).parents[2]
LAST_PORT = 65535
BEFORE_READY = 130  # as a shell counts what Ctrl-C ended


@click.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, LAST_PORT - 1), help="Port of the school's pages."
)
@click.option(
    "--town-port",
    type=click.IntRange(1, LAST_PORT),
    help="Port of the pretend phones and mailboxes; else the one after --port.",
)
@click.option("--reset", is_flag=True, help="Throw the demo's data away, and start nothing.")
@click.option(
    "--size",
    type=click.Choice(["small", "large"]),
    default="small",
    show_default=True,
    help="small: a school of 60 one can play in; large: 3,500 students and two years, kept beside the small one.",
)
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the demo keeps its data; else .local/demo (or demo-large) in the checkout.",
)
@click.option(
    "--pg-bindir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where PostgreSQL's programs are, when they are not found.",
)
def demo(
    *, port: int, town_port: int | None, reset: bool, size: str, directory: Path | None, pg_bindir: Path | None
) -> None:
    """Serve a seeded school, with pretend phones and mailboxes beside it. Nothing leaves this machine.

    Ctrl-C stops it; the next start finds everything as it was.
    """
    large = size == "large"
    place = Place((directory or CHECKOUT / ".local" / ("demo-large" if large else "demo")).resolve())
    try:
        if reset:
            _reset(place)
        else:
            _serve(Demo(place, port, town_port or port + 1, pg_bindir, large=large))
    except (DemoError, LocalPostgresError) as error:
        raise click.ClickException(str(error)) from error


def _reset(place: Place) -> None:
    gone = place.reset()
    there = f"The demo's data in {place.root} is gone: the next start makes the school anew."
    click.echo(there if gone else f"There is no demo data in {place.root}.")


def _serve(demo: Demo) -> None:
    began = time.monotonic()
    ready = False

    def tell(step: str) -> None:
        click.echo(f"{time.monotonic() - began:6.1f} s  {step}")

    def be_ready() -> None:
        nonlocal ready
        ready = True
        tell("Ready")
        click.echo(_where_to_go(demo))

    try:
        run(demo, tell=tell, ready=be_ready)
    except KeyboardInterrupt:
        again = "The next start finds everything as it was." if ready else "The next start begins anew."
        with contextlib.suppress(OSError):  # the terminal may be what went away
            click.echo(f"\nStopped. {again}")
        if not ready:
            raise SystemExit(BEFORE_READY) from None


def _where_to_go(demo: Demo) -> str:
    width = max(len(each.name) for each in STAFF)
    people = "\n".join(f"    {each.name:{width}}  {each.who}" for each in STAFF)
    if demo.large:
        return f"""
  {NAME_EN}, 3,500 ākonga     {demo.url}

  Sign in with one press, as any of these; where a page asks for a password, it is: {PASSWORD}
{people}

  To begin with: come in as Hana Wikaira and open Reports. Nothing leaves this machine: the phones are pretend.

  Ctrl-C stops everything; the next start finds it as it was. Add --reset to throw it away.
"""
    kuia, father = show_phone(MEREANA.ways[0][1] or ""), DAN.ways[0][1]
    return f"""
  {NAME_EN}            {demo.url}
  Phones and mailboxes        {demo.town_url}

  Sign in with one press, as any of these; where a page asks for a password, it is: {PASSWORD}
{people}

  To begin with: come in as Kate Walsh, praise Aroha, and look at her kuia's phone ({kuia}, te reo Māori) and her
  father's mailbox ({father}, English). Answer as her kuia: it stands in Aroha's log a second later.

  This school keeps no quiet hours, so messages go at any time; a family that asked for hours of its own has them
  (Ngaire Parata: nothing before 3 pm). Nothing leaves this machine: the phones are pretend.

  Ctrl-C stops everything; the next start finds it as it was. `make demo-reset` throws it away.
"""
