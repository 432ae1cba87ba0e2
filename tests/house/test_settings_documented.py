"""docs/running.md documents every setting there is, cell by cell, and none that there is not."""

from __future__ import annotations

import ast
import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from commsbridge.settings import PREFIX, Settings, SettingsError, read_one, read_settings, variable

LEVELS = ("debug", "info", "warning", "error")
GIVEN = {
    "COMMSBRIDGE_DATABASE_URL": "postgresql+psycopg://commsbridge_app@/x",
    "COMMSBRIDGE_MIGRATE_DATABASE_URL": "postgresql+psycopg://commsbridge_owner@/x",
    "COMMSBRIDGE_CARRIER_DATABASE_URL": "postgresql+psycopg://commsbridge_carrier@/x",
    "COMMSBRIDGE_PUBLIC_URL": "https://hui.example.org/",
    "COMMSBRIDGE_SECRET_KEY": "k" * 32,
}


def rows(checkout: Path) -> dict[str, tuple[str, str, str]]:
    """The table of settings: variable -> meaning, required, secret."""
    page = (checkout / "docs" / "running.md").read_text("utf-8")
    found = re.findall(rf"^\| `({PREFIX}\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    return {name: (meaning, required, secret) for name, meaning, required, secret in found}


def test_the_table_says_of_every_setting_what_the_code_says_and_has_no_other(checkout: Path) -> None:
    said = rows(checkout)
    assert len(said) == len(fields(Settings))
    for setting in fields(Settings):
        default = f" ({setting.default})" if setting.default not in {MISSING, ""} else ""
        required = "yes" if setting.default is MISSING else f"no{default}"
        secret = "yes" if setting.metadata["secret"] else "no"
        assert said[variable(setting.name)] == (setting.metadata["meaning"], required, secret)


def test_the_documents_name_no_variable_that_is_no_setting(checkout: Path) -> None:
    ours = {variable(setting.name) for setting in fields(Settings)}
    pages = [*checkout.glob("*.md"), *(checkout / "docs").rglob("*.md")]
    named = {path.name: set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", path.read_text("utf-8"))) for path in pages}
    assert named["running.md"] == ours
    assert not {name: found - ours for name, found in named.items() if found - ours}


def events(source: Path) -> set[str]:
    """Every event that a log line of the service is named by; the pretend carrier is none of it."""
    calls = (
        node
        for path in source.rglob("*.py")
        if not {"neighbourhood", "demo"} & set(path.relative_to(source).parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"log.{level}" for level in LEVELS} and node.args
    )
    return {str(ast.literal_eval(call.args[0])) for call in calls}


def test_every_event_of_the_log_is_explained_and_no_other(checkout: Path) -> None:
    page = (checkout / "docs" / "running.md").read_text("utf-8")
    _, _, table = page.partition("| event | means |")
    explained = [row.partition(" | ")[0] for row in table.partition("\n\n")[0].splitlines()[2:]]
    assert set(re.findall(r"`([a-z._]+)`", " ".join(explained))) == events(checkout / "commsbridge")


def test_settings_are_read_with_their_defaults_and_the_public_address_without_its_slash() -> None:
    settings = read_settings(GIVEN)
    assert settings.public_url == "https://hui.example.org"
    assert (settings.trusted_proxies, settings.carrier_threads, settings.twilio_account_sid) == (0, 64, "")


@pytest.mark.parametrize(
    ("name", "written", "why"),
    [
        ("secret_key", "short", "is shorter than 32 characters."),
        ("public_url", "http://hui.example.org", "does not start with https://."),
        ("trusted_proxies", "one", "is not a whole number."),
        ("carrier_threads", "0", "is 0: then nothing is sent."),
        ("database_url", "hui.example.org", "is not an address like"),
        ("migrate_database_url", "mysql://a@b/c", "is not an address like"),
        ("carrier_database_url", "   ", "is not set: PostgreSQL as the role commsbridge_carrier"),
    ],
)
def test_a_setting_that_cannot_be_is_named_without_its_value(name: str, written: str, why: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_settings({**GIVEN, variable(name): written})
    assert len(error.value.problems) == 1
    assert error.value.problems[0].startswith(f"{variable(name)} {why}")
    assert written.strip() == "" or written not in error.value.problems[0].replace(variable(name), "").split()


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        read_settings({"COMMSBRIDGE_SECRET_KEY": "short", "COMMSBRIDGE_CARRIER_THREADS": "many"})
    assert len(error.value.problems) == 6


def test_one_setting_can_be_read_alone() -> None:
    url = GIVEN["COMMSBRIDGE_MIGRATE_DATABASE_URL"]
    assert read_one("migrate_database_url", {"COMMSBRIDGE_MIGRATE_DATABASE_URL": url}) == url
    with pytest.raises(SettingsError, match="COMMSBRIDGE_MIGRATE_DATABASE_URL is not set"):
        read_one("migrate_database_url", {})
