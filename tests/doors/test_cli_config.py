"""`config check` and `migrate`: what is missing is named with its reason, and no secret is ever printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from importlib import import_module

import click
import pytest
from sqlalchemy import create_engine, pool, text

from commsbridge.carriers import new_push_key
from commsbridge.cli import main
from commsbridge.cli.commands import LateGroup
from commsbridge.local_postgres import LocalPostgres
from commsbridge.settings import Settings, variable
from tests.conftest import RoleUrls
from tests.doors.command_line import CommandLine, environment_of

SECRET = "s3cretly-long-enough-to-be-a-signing-key"
CARRIERS = {
    "COMMSBRIDGE_TWILIO_ACCOUNT_SID": "AC0000",
    "COMMSBRIDGE_TWILIO_AUTH_TOKEN": f"twilio-{SECRET}",
    "COMMSBRIDGE_SENDGRID_API_KEY": f"sendgrid-{SECRET}",
    "COMMSBRIDGE_SENDGRID_EVENT_PUBLIC_KEY": "a-public-key",
    "COMMSBRIDGE_INBOUND_EMAIL_DOMAIN": "hui.example.org",
    "COMMSBRIDGE_INBOUND_EMAIL_SECRET": f"inbound-{SECRET}",
    "COMMSBRIDGE_TRUSTED_PROXIES": "1",
    "COMMSBRIDGE_PUSH_PRIVATE_KEY": new_push_key(),
    "COMMSBRIDGE_PUSH_CONTACT": "mailto:keeper@hui.example.org",
}


@pytest.fixture
def call(role_urls: RoleUrls) -> CommandLine:
    return CommandLine(environment_of(role_urls, COMMSBRIDGE_SECRET_KEY=SECRET))


@pytest.fixture
def bare(postgres: LocalPostgres) -> Iterator[RoleUrls]:
    """A database before its first migration."""
    name = "commsbridge_bare_config"
    postgres.create_database(name)
    yield RoleUrls(name, *(postgres.url(f"commsbridge_{role}", name) for role in ("app", "owner", "carrier")))
    postgres.drop_database(name)


def marked(output: str, mark: str) -> list[str]:
    return [line.strip().partition(" ")[2].strip() for line in output.splitlines() if line.startswith(f"  {mark} ")]


def commands(group: click.Group) -> Iterator[click.Command]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        yield command
        if isinstance(command, click.Group):
            yield from commands(command)


def test_every_command_can_be_loaded_and_says_what_it_does() -> None:
    assert isinstance(main, LateGroup)
    found = list(commands(main))
    assert {"check", "migrate", "serve", "work", "backup", "restore", "import", "add", "send", "show"} <= {
        command.name for command in found
    }
    assert not [command.name for command in found if not command.help or not command.get_short_help_str().strip()]


def test_every_place_in_the_list_of_commands_is_where_the_command_stands() -> None:
    assert isinstance(main, LateGroup)
    for name, place in main.places.items():
        module, attribute = place.split(":")
        assert getattr(import_module(module), attribute).name == name


def test_with_no_settings_every_one_that_is_required_is_named_with_its_reason() -> None:
    said = CommandLine({}).refuses("config", "check")
    required = [setting for setting in fields(Settings) if setting.default is MISSING]
    assert len(required) == 5
    for setting in required:
        assert f"{variable(setting.name)} is not set: {setting.metadata['meaning']}." in marked(said, "wrong")
    assert "5 to mend" in said


def test_a_command_without_its_settings_names_them_all() -> None:
    said = CommandLine({"COMMSBRIDGE_SECRET_KEY": "short"}).refuses("school", "list")
    assert "COMMSBRIDGE_DATABASE_URL is not set" in said
    assert "COMMSBRIDGE_SECRET_KEY is shorter than 32 characters" in said


def test_what_is_well_is_said_to_be_well(call: CommandLine) -> None:
    said = call.says("config", "check", **CARRIERS)
    assert marked(said, "wrong") == marked(said, "later") == []
    assert "Texts go through Twilio." in said
    assert "Email goes through SendGrid." in said
    assert "The database stands at this version." in said
    assert said.endswith("The service can run.\n")


def test_without_carriers_the_service_can_run_and_says_what_waits(call: CommandLine) -> None:
    said = call.says("config", "check", COMMSBRIDGE_TRUSTED_PROXIES="1")
    texts, mails, notices = marked(said, "later")
    assert texts.startswith("Texts: COMMSBRIDGE_TWILIO_ACCOUNT_SID and COMMSBRIDGE_TWILIO_AUTH_TOKEN are not set")
    assert mails.startswith("Email: COMMSBRIDGE_SENDGRID_API_KEY is not set")
    assert notices.startswith("Notices to teachers' devices: COMMSBRIDGE_PUSH_PRIVATE_KEY is not set")


def test_a_key_for_notices_is_made_by_a_command_and_what_is_none_is_wrong(call: CommandLine) -> None:
    name, _, key = call.says("config", "push-key").strip().partition("=")
    assert name == "COMMSBRIDGE_PUSH_PRIVATE_KEY"
    assert "Notices go to teachers' own devices." in call.says("config", "check", **{**CARRIERS, name: key})
    said = call.refuses("config", "check", **{**CARRIERS, name: "no-key"})
    assert marked(said, "wrong") == ["Notices: COMMSBRIDGE_PUSH_PRIVATE_KEY is no key: `commsbridge config push-key`."]
    said = call.refuses("config", "check", **{**CARRIERS, "COMMSBRIDGE_PUSH_CONTACT": "nobody"})
    assert "COMMSBRIDGE_PUSH_CONTACT does not begin with mailto: or https://" in said
    assert key not in said


def test_half_a_carrier_is_wrong(call: CommandLine) -> None:
    said = call.refuses("config", "check", COMMSBRIDGE_TWILIO_ACCOUNT_SID="AC1", COMMSBRIDGE_SENDGRID_API_KEY="SG.1")
    texts, domain, secret = marked(said, "wrong")
    assert texts == "Texts: COMMSBRIDGE_TWILIO_AUTH_TOKEN is not set, and the other one is."
    assert "COMMSBRIDGE_INBOUND_EMAIL_DOMAIN is not set" in domain
    assert "COMMSBRIDGE_INBOUND_EMAIL_SECRET" in secret


def test_a_misspelt_setting_is_named(call: CommandLine) -> None:
    said = call.refuses("config", "check", COMMSBRIDGE_TWILO_AUTH_TOKEN=SECRET)
    assert marked(said, "wrong") == ["COMMSBRIDGE_TWILO_AUTH_TOKEN is no setting: is it misspelt?"]
    assert SECRET not in said


@pytest.mark.parametrize("setting", ["database_url", "migrate_database_url", "carrier_database_url"])
def test_a_superuser_in_any_url_is_refused(
    call: CommandLine, postgres: LocalPostgres, role_urls: RoleUrls, setting: str
) -> None:
    said = call.refuses("config", "check", **{variable(setting): postgres.url("postgres", role_urls.name)})
    assert [
        line for line in marked(said, "wrong") if variable(setting) in line and "no wall between schools holds" in line
    ]


def test_two_urls_in_each_others_place_are_noticed(call: CommandLine, role_urls: RoleUrls) -> None:
    said = call.refuses(
        "config", "check", COMMSBRIDGE_DATABASE_URL=role_urls.owner, COMMSBRIDGE_MIGRATE_DATABASE_URL=role_urls.app
    )
    assert "COMMSBRIDGE_DATABASE_URL signs in as commsbridge_owner; it must be commsbridge_app." in marked(
        said, "wrong"
    )
    assert "COMMSBRIDGE_MIGRATE_DATABASE_URL signs in as commsbridge_app; it must be commsbridge_owner." in said


def test_urls_of_different_databases_are_noticed(call: CommandLine, bare: RoleUrls) -> None:
    said = call.refuses("config", "check", COMMSBRIDGE_CARRIER_DATABASE_URL=bare.carrier)
    assert "The database URLs lead to different databases." in marked(said, "wrong")


def test_an_app_that_owns_tables_is_noticed(call: CommandLine, postgres: LocalPostgres, role_urls: RoleUrls) -> None:
    engine = create_engine(postgres.url("postgres", role_urls.name), poolclass=pool.NullPool)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE students OWNER TO commsbridge_app"))
    assert "commsbridge_app owns tables" in call.refuses("config", "check")


def test_a_database_that_is_not_migrated_is_noticed_and_migrate_mends_it(bare: RoleUrls) -> None:
    call = CommandLine(environment_of(bare))
    assert "run `commsbridge migrate`" in call.refuses("config", "check")
    assert "run `commsbridge migrate`" in call.refuses("school", "list")
    assert call.says("migrate").startswith("The database stands at ")
    assert call.says("migrate").endswith("already.\n")
    assert "The database stands at this version." in call.says("config", "check")
    assert "There is no school yet" in call.says("school", "list")


def test_migrations_are_printed_as_sql_without_a_database() -> None:
    said = CommandLine({}).says("migrate", "--sql")
    assert "CREATE TABLE schools" in said
    assert "FORCE ROW LEVEL SECURITY" in said


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"postgresql+psycopg://commsbridge_app:{SECRET}@127.0.0.1:1/x", "Nobody answers at the database's address"),
        (f"postgresql+psycopg://commsbridge_app:x@{SECRET}@127.0.0.1:1/x", ""),
        (f"postgresql+psycopg://commsbridge_app:{SECRET}@127.0.0.1:port/x", "is not an address like"),
        (f"postgresql+psycopg://commsbridge_app:{SECRET}@127.0.0.1", "is not an address like"),
        (f"postgresql+asyncpg://commsbridge_app:{SECRET}@127.0.0.1/x", "is not an address like"),
        (f"mysql://commsbridge_app:{SECRET}@127.0.0.1/x", "is not an address like"),
        (f"sqlite:///{SECRET}", "is not an address like"),
        (SECRET, "is not an address like"),
    ],
)
def test_a_bad_url_gets_a_sentence_that_quotes_nothing_of_it(call: CommandLine, url: str, why: str) -> None:
    said = call.refuses("config", "check", COMMSBRIDGE_DATABASE_URL=url)
    assert any(line.startswith("COMMSBRIDGE_DATABASE_URL") and why in line for line in marked(said, "wrong"))
    assert SECRET not in said
    assert SECRET not in call.refuses("school", "list", COMMSBRIDGE_DATABASE_URL=url)
    assert SECRET not in call.refuses("migrate", COMMSBRIDGE_MIGRATE_DATABASE_URL=url)
    assert SECRET not in call.refuses("backup", "no-file", COMMSBRIDGE_MIGRATE_DATABASE_URL=url)


def test_a_role_or_a_database_that_is_not_there_is_named_as_such(call: CommandLine, role_urls: RoleUrls) -> None:
    no_role = role_urls.app.replace("commsbridge_app", "commsbridge_nobody")
    assert "migrations/roles.sql" in call.refuses("config", "check", COMMSBRIDGE_DATABASE_URL=no_role)
    no_database = role_urls.app.replace(role_urls.name, "commsbridge_nothing")
    assert "There is no such database" in call.refuses("config", "check", COMMSBRIDGE_DATABASE_URL=no_database)


def test_the_check_prints_no_value_of_any_secret_setting(call: CommandLine) -> None:
    secrets = [setting for setting in fields(Settings) if setting.metadata["secret"]]
    assert len(secrets) >= 9
    values = {variable(setting.name): f"{setting.name}-{SECRET}" for setting in secrets}
    said = call("config", "check", **values).output
    assert not [name for name, value in values.items() if value in said]
    assert SECRET not in said
