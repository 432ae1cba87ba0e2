"""A school from the command line: made, given senders and staff, its roll imported, praised, its log read."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, pool, text

from commsbridge.app import make_runtime
from commsbridge.settings import read_settings
from commsbridge.web import make_web
from tests.conftest import RoleUrls
from tests.doors.command_line import HEADER, KOWHAI, PUBLIC_URL, RIMU, ROLL, WALSH, CommandLine, environment_of


@pytest.fixture
def call(role_urls: RoleUrls) -> CommandLine:
    return CommandLine(environment_of(role_urls, COMMSBRIDGE_INBOUND_EMAIL_DOMAIN="reply.example.org"))


@pytest.fixture
def rows(role_urls: RoleUrls, postgres_superuser: str) -> Iterator[Connection]:
    """What is in the database, past every wall."""
    assert role_urls.name in postgres_superuser
    with create_engine(
        postgres_superuser, poolclass=pool.NullPool, isolation_level="AUTOCOMMIT"
    ).connect() as connection:
        yield connection


@pytest.fixture
def postgres_superuser(role_urls: RoleUrls) -> str:
    return role_urls.owner.replace("commsbridge_owner@", "postgres@")


@pytest.fixture
def roll(tmp_path: Path) -> Path:
    file = tmp_path / "roll.csv"
    file.write_text(ROLL, "utf-8")
    return file


@pytest.fixture
def school(call: CommandLine, roll: Path) -> CommandLine:
    """A school with senders, a teacher and a roll."""
    call.says("school", "create", *RIMU, "--region", "CAN")
    call.says("sender", "add", "--kind", "zero_rated", "--address", "3001", "--rate", "10")
    call.says("sender", "add", "--kind", "mail", "--address", "korero@rimu.school.nz")
    call.says("staff", "add", *WALSH)
    call.says("school", "import", str(roll))
    return call


def test_a_school_is_made_with_its_bank_of_praises_and_listed(call: CommandLine) -> None:
    said = call.says("school", "create", *RIMU, "--region", "CAN")
    assert "Made Rimu Road School (school 1), with " in said
    assert int(said.partition("with ")[2].split()[0]) >= 16
    listed = call.says("school", "list")
    assert "Rimu Road School · Te Kura o te Ara Rimu · texts begin “Rimu Road” · Canterbury, Pacific/Auckland" in listed


def test_a_refusal_names_the_option_it_belongs_to(call: CommandLine) -> None:
    too_long = call.refuses("school", "create", *RIMU[:4], "--text-name", "Te Kura o te Ara Rimu roa")
    assert too_long == "Error: --text-name: This is too long: write at most 20 characters.\n"
    assert call.says("school", "list").startswith("There is no school yet")


def test_without_a_school_the_way_to_make_one_is_said(call: CommandLine) -> None:
    assert "commsbridge school create" in call.refuses("staff", "add", *WALSH)


def test_with_several_schools_the_school_must_be_said(call: CommandLine) -> None:
    call.says("school", "create", *RIMU)
    call.says("staff", "add", *WALSH)
    call.says("school", "create", *KOWHAI)
    assert "Rimu Road (1), Kōwhai (2)" in call.refuses("staff", "add", *WALSH)
    assert "Kōwhai School: kaiako" in call.says("staff", "add", *WALSH, "--school", "kowhai school")
    assert "already" in call.refuses("staff", "add", *WALSH, "--school", "1")


def test_the_invitation_of_a_new_member_of_staff_opens_the_page_that_sets_a_password(call: CommandLine) -> None:
    call.says("school", "create", *RIMU)
    link = call.says("staff", "add", *WALSH).splitlines()[-1]
    assert link.startswith(f"{PUBLIC_URL}/password/new/")
    runtime = make_runtime(read_settings(call.environment))
    answer = make_web(runtime).test_client().get(link.removeprefix(PUBLIC_URL), base_url=PUBLIC_URL)
    runtime.database.dispose()
    assert answer.status_code == 200


def test_a_sender_is_given_to_its_school_and_a_shared_one_to_another(call: CommandLine) -> None:
    call.says("school", "create", *RIMU)
    own = call.says("sender", "add", "--kind", "standard", "--address", "3001")
    assert "Rimu Road School sends from 3001 (standard, 1 a second, 10 at once) from now on." in own
    call.says("school", "create", *KOWHAI)
    assert "belongs to another school" in call.refuses("sender", "give", "3001", "--school", "2")
    call.says("sender", "add", "--kind", "zero_rated", "--address", "3002", "--shared", "--school", "1")
    assert "zero rated, shared" in call.says("sender", "give", "3002", "--school", "2")
    assert call.says("sender", "list", "--school", "1").splitlines()[0].startswith("3002")
    assert "There is no sender 3003" in call.refuses("sender", "give", "3003", "--school", "2")
    assert "not an email address" in call.refuses(
        "sender", "add", "--kind", "mail", "--address", "3001", "--school", "1"
    )
    assert "--rate" in call.refuses(
        "sender", "add", "--kind", "mail", "--address", "a@b.school.nz", "--rate", "0", "--school", "1"
    )


def test_a_dry_run_needs_no_database_and_writes_the_report(roll: Path, tmp_path: Path) -> None:
    report_file, bad_file = tmp_path / "report.json", tmp_path / "bad.csv"
    said = CommandLine({}).says(
        "school", "import", str(roll), "--dry-run", "--json", str(report_file), "--bad-rows", str(bad_file)
    )
    report = json.loads(report_file.read_text("utf-8"))
    assert set(report) == {"students", "contacts", "links", "restricted_links", "issues"}
    assert (report["students"], report["contacts"], report["links"]) == (3, 3, 3)
    assert {"row": 4, "severity": "error", "column": "mobile"}.items() <= report["issues"][0].items()
    assert f"Row 4, mobile: {report['issues'][0]['reason']} (error)" in said
    assert "Nothing was changed" in said
    assert "Nikau Petera" in bad_file.read_text("utf-8-sig")
    assert "Aroha" not in bad_file.read_text("utf-8-sig")


def test_a_dry_run_beside_a_school_changes_nothing(school: CommandLine, rows: Connection, roll: Path) -> None:
    roll.write_text(ROLL.replace("Tama Rangi", "Quite Another"), "utf-8")
    said = school.says("school", "import", str(roll), "--dry-run", "--school", "1")
    assert "Row 5, student_name" in said or "Row 5, student_id" in said
    assert rows.scalar(text("SELECT count(*) FROM students WHERE name = 'Quite Another'")) == 0


def test_importing_twice_changes_nothing(school: CommandLine, rows: Connection, roll: Path) -> None:
    count = text(
        "SELECT (SELECT count(*) FROM students), (SELECT count(*) FROM contacts), (SELECT count(*) FROM guardianships)"
    )
    before = rows.execute(count).one()
    assert tuple(before) == (3, 3, 3)
    assert "New: 0 students, 0 contacts, 0 links. Back: 0. Left: 0." in school.says("school", "import", str(roll))
    assert rows.execute(count).one() == before


def test_a_file_that_is_no_roll_is_refused_in_a_sentence(call: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "photo.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    said = CommandLine({}).refuses("school", "import", str(file), "--dry-run", "--json", str(tmp_path / "report.json"))
    assert "Row 1: This file cannot be read as text." in said
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["issues"][0]["row"] == 1


def test_a_report_that_cannot_be_written_is_said_in_a_sentence(roll: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "report.json"
    said = CommandLine({}).refuses("school", "import", str(roll), "--dry-run", "--json", str(nowhere))
    assert said.endswith(f"Error: {nowhere}: No such file or directory.\n")


def test_a_restriction_in_a_roll_stops_what_already_waits(school: CommandLine, rows: Connection, roll: Path) -> None:
    school.says("praise", "send", "--as", "walsh@rimu.school.nz", "--student", "101", "--words", "Ka pai tō mahi.")
    lines = [f"{line},{'no' if 'Hine' in line else ''}" for line in ROLL.splitlines()[1:]]
    roll.write_text("\n".join([f"{HEADER},may_message", *lines]), "utf-8")
    school.says("school", "import", str(roll))
    states = rows.execute(
        text("SELECT DISTINCT c.name, d.state FROM deliveries d JOIN contacts c ON c.id = d.contact_id")
    ).all()
    assert ("Hine Kereama", "cancelled") in states
    assert ("Hine Kereama", "queued") not in states
    assert ("Tom Kereama", "cancelled") not in states


def test_a_student_who_left_gets_nothing_that_still_waits(school: CommandLine, rows: Connection, roll: Path) -> None:
    school.says("praise", "send", "--as", "walsh@rimu.school.nz", "--student", "101", "--words", "Ka pai tō mahi.")
    roll.write_text("\n".join(line for line in ROLL.splitlines() if not line.startswith("101")), "utf-8")
    assert "Left: 1." in school.says("school", "import", str(roll), "--whole-school")
    assert set(rows.scalars(text("SELECT state FROM deliveries"))) == {"cancelled"}


def test_praise_goes_to_everybody_who_may_hear_it_and_says_who_gets_what(school: CommandLine, rows: Connection) -> None:
    said = school.says(
        "praise",
        "send",
        "--as",
        "walsh@rimu.school.nz",
        "--student",
        "aroha kereama",
        "--words",
        "She helped a friend.",
    )
    assert said.startswith("Aroha Kereama: She helped a friend.\n")
    assert "Hine Kereama, text, te reo Māori: " in said
    assert "Tom Kereama, email, English: " in said
    assert rows.scalar(text("SELECT count(*) FROM messages WHERE kind = 'praise'")) == 1
    assert (
        rows.scalar(text("SELECT shown_name FROM staff JOIN messages ON staff_id = staff.id WHERE kind = 'praise'"))
        == "Ms Walsh"
    )


def test_a_phrase_of_the_bank_goes_by_its_key_and_is_then_no_longer_offered(school: CommandLine) -> None:
    offered = school.says("praise", "phrases", "--student", "101").splitlines()[::3]
    key = offered[0]
    said = school.says("praise", "send", "--as", "walsh@rimu.school.nz", "--student", "101", "--phrase", key)
    assert "Aroha" in said.splitlines()[0]
    assert key not in school.says("praise", "phrases", "--student", "101").splitlines()[::3]
    wrong = school.refuses("praise", "send", "--as", "walsh@rimu.school.nz", "--student", "101", "--phrase", "none")
    assert "There is no praise “none”" in wrong


def test_words_about_health_or_another_child_are_asked_about_first(school: CommandLine, rows: Connection) -> None:
    send = ("praise", "send", "--as", "walsh@rimu.school.nz", "--student", "101", "--words")
    health = school.refuses(*send, "She took her medication without any fuss.")
    assert "Nothing was sent. --as-link keeps the words out of the message." in health
    other = school.refuses(*send, "She helped Nikau tidy up.")
    assert "“Nikau”" in other
    assert "--as-it-is" in other
    assert rows.scalar(text("SELECT count(*) FROM messages")) == 0
    school.refuses(*send, "She took her medication without any fuss.", "--as-it-is")
    assert (
        "medication"
        not in school.says(*send, "She took her medication without any fuss.", "--as-link").partition("\n")[2]
    )
    school.says(*send, "She helped Nikau tidy up.", "--as-it-is")
    assert rows.scalar(text("SELECT count(*) FROM messages WHERE kind = 'praise'")) == 2


@pytest.mark.parametrize(
    ("who", "student", "why"),
    [
        ("nobody@rimu.school.nz", "101", "Nobody on the staff is called “nobody@rimu.school.nz”."),
        ("walsh@rimu.school.nz", "103", "We cannot find that student among those you see."),
        ("walsh@rimu.school.nz", "Nobody", "There is no student “Nobody”."),
        ("walsh@rimu.school.nz", "102", "Nobody can be sent a message about Nikau yet."),
        ("office@rimu.school.nz", "101", "Your role at this school does not include this."),
    ],
)
def test_praise_that_cannot_be_sent_gets_a_sentence(school: CommandLine, who: str, student: str, why: str) -> None:
    office = ("--email", "office@rimu.school.nz", "--name", "Pat Office", "--shown-name", "Pat", "--role", "office")
    school.says("staff", "add", *office)
    said = school.refuses("praise", "send", "--as", who, "--student", student, "--words", "Ka pai!")
    assert why in said
    assert "log yet" in school.says("log", "show", "--student", "101")


def test_the_log_shows_each_moment_with_words_way_language_and_where_it_stands(
    school: CommandLine, rows: Connection
) -> None:
    school.says("praise", "send", "--as", "walsh@rimu.school.nz", "--student", "101", "--words", "She helped a friend.")
    said = school.says("log", "show", "--student", "Aroha Kereama")
    assert said.startswith("Aroha Kereama (101)\n")
    assert "Praise from Ms Walsh" in said
    assert "“She helped a friend.”" in said
    assert "Hine Kereama, by text, in te reo Māori: " in said
    assert "She helped" in school.says("log", "show", "--student", "101", "--search", "helped")
    assert "Nothing in the log has these words." in school.says("log", "show", "--student", "101", "--search", "kererū")
    assert rows.scalar(text("SELECT count(*) FROM looks WHERE subject = 'log' AND staff_id IS NULL")) == 3


def test_a_school_that_is_not_there_is_named(school: CommandLine) -> None:
    said = school.refuses("log", "show", "--student", "101", "--school", "Mānuka")
    assert said == "Error: There is no school “Mānuka”.\n"
    assert "There is no school" in school.refuses("log", "show", "--student", "101", "--school", str(uuid.uuid4()))
