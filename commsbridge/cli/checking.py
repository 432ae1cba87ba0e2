"""`commsbridge config check`: what is missing and why. It names variables and never says what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields

import click

from commsbridge.carriers import is_push_key, new_push_key
from commsbridge.cli.commands import Verb, Verbs
from commsbridge.cli.database_checks import Finding, check_databases
from commsbridge.foundation.language import NOT_READY, Language
from commsbridge.settings import Settings, read_given, unknown_variables, variable

SHORTEST_SECRET = 16


@click.group(cls=Verbs)
def config() -> None:
    """Look at the settings."""


@config.command(cls=Verb)
def check() -> None:
    """Say what is missing and why, and test the database; the exit code is 1 when something must be mended.

    "later" marks what the service runs without for now. No secret is printed.
    """
    given, problems = read_given()
    wrong = 0
    for title, findings in (
        ("Settings", _settings(given, problems)),
        ("Database", check_databases(_sound(given, problems))),
        ("Carriers", _carriers(given)),
        ("Languages", languages()),
    ):
        wrong += _print(title, findings)
    if wrong:
        click.echo(f"\n{wrong} to mend; docs/running.md explains every setting.")
        raise SystemExit(1)
    click.echo("\nThe service can run.")


@config.command("push-key", cls=Verb)
def push_key() -> None:
    """Print a new key for notices to teachers' devices. It is kept nowhere: put it among the settings."""
    click.echo(f"{variable('push_private_key')}={new_push_key()}")


def _print(title: str, findings: Iterable[Finding]) -> int:
    """Print one part; gives how many things in it are wrong."""
    click.echo(title)
    wrong = 0
    for finding in findings:
        click.echo(f"  {finding.mark:<6} {finding.says}")
        wrong += finding.mark == "wrong"
    return wrong


def _settings(given: Mapping[str, object], problems: Sequence[str]) -> Iterator[Finding]:
    for problem in problems:
        yield Finding("wrong", problem)
    sound = _sound(given, problems)
    for setting in fields(Settings):
        if setting.name in sound and sound[setting.name] != setting.default:
            yield Finding("ok", variable(setting.name))
    for name in unknown_variables():
        yield Finding("wrong", f"{name} is no setting: is it misspelt?")
    if str(given.get("public_url", "")).startswith("https://") and not given.get("trusted_proxies"):
        yield Finding(
            "later",
            f"{variable('trusted_proxies')} is 0: behind a proxy everybody seems to sign in from one address, and one "
            "person's wrong passwords lock the door for all.",
        )


def _sound(given: Mapping[str, object], problems: Sequence[str]) -> dict[str, object]:
    """What is set and has no problem: each problem begins with the name of its variable."""
    named = {problem.partition(" ")[0] for problem in problems}
    return {name: value for name, value in given.items() if variable(name) not in named}


def _carriers(given: Mapping[str, object]) -> Iterator[Finding]:
    yield from _texts(given)
    if given.get("sendgrid_api_key"):
        yield from _mails(given)
    else:
        yield Finding("later", f"Email: {variable('sendgrid_api_key')} is not set. Until then mail waits.")
    if given.get("push_private_key"):
        yield _notices(given)
    else:
        name = variable("push_private_key")
        yield Finding("later", f"Notices to teachers' devices: {name} is not set (`commsbridge config push-key`).")


def _texts(given: Mapping[str, object]) -> Iterator[Finding]:
    missing = [name for name in ("twilio_account_sid", "twilio_auth_token") if not given.get(name)]
    names = " and ".join(variable(name) for name in missing)
    if len(missing) == 1:
        yield Finding("wrong", f"Texts: {names} is not set, and the other one is.")
    elif missing:
        yield Finding("later", f"Texts: {names} are not set. Until then texts wait.")
    else:
        yield Finding("ok", "Texts go through Twilio." + _elsewhere(given, "twilio_base_url"))


def _mails(given: Mapping[str, object]) -> Iterator[Finding]:
    yield Finding("ok", "Email goes through SendGrid." + _elsewhere(given, "sendgrid_base_url"))
    if not given.get("inbound_email_domain"):
        name = variable("inbound_email_domain")
        yield Finding("wrong", f"Email: {name} is not set, and every mail names an address there for its answer.")
    if len(str(given.get("inbound_email_secret", ""))) < SHORTEST_SECRET:
        name = variable("inbound_email_secret")
        yield Finding("wrong", f"Email: {name} has fewer than {SHORTEST_SECRET} characters: answers find no door.")
    if not given.get("sendgrid_event_public_key"):
        name = variable("sendgrid_event_public_key")
        yield Finding("later", f"Email: {name} is not set. Until then nobody is told whether a mail arrived.")


def _notices(given: Mapping[str, object]) -> Finding:
    if not is_push_key(str(given["push_private_key"])):
        return Finding("wrong", f"Notices: {variable('push_private_key')} is no key: `commsbridge config push-key`.")
    return Finding("ok", "Notices go to teachers' own devices." + _elsewhere(given, "push_service_url"))


def languages() -> Iterator[Finding]:
    """What is written in, and why a folder of locales is not."""
    yield Finding("ok", ", ".join(language.title for language in Language))
    for code, wants in NOT_READY.items():
        yield Finding("later", f"{code}: {wants}. Until then it is offered to nobody: `commsbridge catalogues check`.")


def _elsewhere(given: Mapping[str, object], setting: str) -> str:
    return f" {variable(setting)} sends them elsewhere: not to families." if given.get(setting) else ""
