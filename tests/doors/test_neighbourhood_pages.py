"""The neighbourhood's pages: one reads and answers as a family, strangers' words do no harm, and the town is kept."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import pytest
import urllib3
from playwright.sync_api import Browser, Page, expect
from sendgrid.helpers.mail import Content, Header, Mail

from commsbridge.neighbourhood import Arrangement, MailboxState, Neighbourhood, PhoneState, Rule
from tests.doors.pretend_school import School, sendgrid_client, twilio_client

PHONE, SENDER, ADDRESS = "+64211234567", "3187", "ngaire@mail.example"
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=alert(1)>\"'&"


@pytest.fixture
def school() -> Iterator[School]:
    with School() as school:
        yield school


@pytest.fixture
def town(school: School) -> Iterator[Neighbourhood]:
    with Neighbourhood(Arrangement(public_url=school.url, senders=(SENDER,))) as town:
        yield town


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    page.close()
    assert wrong == []


def send_text(town: Neighbourhood, body: str) -> None:
    twilio_client(town).messages.create(to=PHONE, from_=SENDER, body=body)


def send_mail(town: Neighbourhood, html: str, *, unsubscribe: str = "") -> None:
    mail = Mail(("school@rimu.example", "Rimu Road School"), ADDRESS, "He kōrero pai")
    mail.content = [Content("text/plain", "Kia ora\nhttps://rimu.example/a?b=c."), Content("text/html", html)]
    if unsubscribe:
        mail.header = Header("List-Unsubscribe", f"<{unsubscribe}>")
        mail.header = Header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    sendgrid_client(town).send(mail)
    town.settle()


def visit(town: Neighbourhood, path: str, **headers: str) -> tuple[urllib3.BaseHTTPResponse, str]:
    with urllib3.PoolManager() as pool:
        answer = pool.request("GET", town.url + path, headers=headers, retries=False)
    return answer, answer.data.decode()


def post(town: Neighbourhood, path: str, form: dict[str, Any], **headers: str) -> urllib3.BaseHTTPResponse:
    typed = {"Content-Type": "application/x-www-form-urlencoded"} | headers
    with urllib3.PoolManager() as pool:
        return pool.request("POST", town.url + path, body=urlencode(form), headers=typed, redirect=False, retries=False)


def test_the_first_page_lists_phones_and_mailboxes_and_says_that_they_are_pretend(town: Neighbourhood) -> None:
    send_text(town, "He kōrero pai mō Hēmi")
    send_mail(town, "<p>Kia ora</p>")
    town.name(PHONE, "Ngaire’s phone")
    _, page = visit(town, "/")
    assert "Pretend phones and mailboxes: nothing here leaves this machine." in page
    for shown in ("Ngaire’s phone", "021 123 4567", "He kōrero pai mō Hēmi", ADDRESS):
        assert shown in page


def test_a_phone_shows_bubbles_with_segments_and_what_became_of_them(town: Neighbourhood, school: School) -> None:
    send_text(town, "ā" * 71 + " https://rimu.example/x?a=1&b=2.")
    town.set_phone(PHONE, PhoneState.OFF)
    send_text(town, "while it is off")
    school.answers.append((503, b""))
    town.text_in(PHONE, SENDER, "Kia ora")
    town.settle()
    _, page = visit(town, "/phones/+64211234567")
    link = '<a href="https://rimu.example/x?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">'
    assert link in page
    assert "2 segments, from 3187, delivered" in page
    assert "undelivered: Unreachable destination handset (30003)" in page
    assert "to the school: answered 503" in page


def test_hostile_words_are_escaped_wherever_they_stand(town: Neighbourhood) -> None:
    send_text(town, HOSTILE)
    send_mail(town, HOSTILE)
    town.text_in(HOSTILE, SENDER, HOSTILE)
    town.name(PHONE, HOSTILE)
    town.mail_in(f"{HOSTILE}@mail.example", HOSTILE, HOSTILE.replace("\n", ""), HOSTILE, raw=b"Subject: x\r\n\r\n")
    town.settle()
    paths = ["/", "/phones/+64211234567", f"/mailboxes/{ADDRESS}", "/misbehave"]
    paths += [
        found for _, page in [visit(town, "/")] for found in re.findall(r'href="(/(?:phones|mailboxes)/[^"]+)"', page)
    ]
    for path in paths:
        answer, page = visit(town, path)
        assert answer.status == 200
        assert "<script>document" not in page
        assert "<img src=x" not in page
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_letters_html_is_served_where_it_can_do_nothing(town: Neighbourhood) -> None:
    send_mail(town, HOSTILE)
    letter = town.letters()[0]
    answer, page = visit(town, f"/letters/{letter.id}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert HOSTILE in page
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    assert "script" not in policy
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in visit(town, f"/mailboxes/{ADDRESS}")[1]


def test_only_this_machine_and_its_own_pages_are_answered(town: Neighbourhood) -> None:
    form = {"from": PHONE, "to": SENDER, "body": "Kia ora"}
    assert visit(town, "/", Host="evil.example")[0].status == 403
    assert visit(town, "/", Host="[")[0].status == 403
    assert post(town, "/texts", form, Origin="https://evil.example").status == 403
    assert post(town, "/texts", form, Origin="null").status == 403
    assert town.texts() == []
    assert post(town, "/texts", form, Origin=town.url).status == 303


def test_the_forms_work_without_script(town: Neighbourhood, school: School) -> None:
    form = {"from": "021 999 0000", "to": SENDER, "body": "Ko wai tēnei?"}
    sent = post(town, "/texts", form)
    assert (sent.status, sent.headers["Location"]) == (303, "/phones/%2B64219990000#end")
    assert "Ko wai tēnei?" in visit(town, sent.headers["Location"].partition("#")[0])[1]
    send_mail(town, "<p>Kia ora</p>", unsubscribe=school.url + "/stop/abc")
    letter = town.mailbox(ADDRESS).received[0]
    assert post(town, f"/letters/{letter.id}/reply", {"words": "Ngā mihi", "program": "outlook"}).status == 303
    assert post(town, f"/letters/{letter.id}/unsubscribe", {}).status == 303
    mail = {"from": "Aunty@mail.example", "to": "reply@rimu.example", "subject": "Kia ora", "text": "He pātai"}
    assert post(town, "/mails", mail).status == 303
    town.settle()
    assert len(school.came_to("/hooks/sendgrid/inbound")) == 2
    assert len(school.came_to("/stop/abc")) == 1
    assert "answered 200" in visit(town, f"/mailboxes/{ADDRESS}")[1]
    assert post(town, f"/phones/{PHONE}/state", {"state": "off"}).status == 303
    assert post(town, f"/mailboxes/{ADDRESS}/state", {"state": "gone"}).status == 303
    assert (town.phone(PHONE).state, town.mailbox(ADDRESS).state) == (PhoneState.OFF, MailboxState.GONE)
    assert post(town, "/misbehave", {"on": "text", "do": "busy", "seconds": "2", "times": ""}).status == 303
    assert "429" not in visit(town, "/misbehave")[1].split("<tbody")[1].split("</tbody")[0]
    assert "(1 in force)" in visit(town, "/")[1]
    assert post(town, "/behave", {}).status == 303
    assert post(town, "/reset", {}).status == 303
    assert town.phones() == []


@pytest.mark.parametrize(
    ("path", "form", "sentence"),
    [
        ("/texts", {"from": "", "to": SENDER}, "Whose phone is it?"),
        ("/texts", {"from": PHONE, "to": " "}, "To which number?"),
        ("/mails", {"from": "", "to": "x"}, "Whose mailbox is it?"),
        ("/misbehave", {"on": "text", "do": "miss"}, "on text one can do"),
        ("/misbehave", {"on": "text", "do": "busy", "times": "two"}, "two"),
        (f"/phones/{PHONE}/state", {"state": "asleep"}, "asleep"),
    ],
)
def test_a_form_that_cannot_be_read_is_answered_with_a_sentence(
    town: Neighbourhood, path: str, form: dict[str, str], sentence: str
) -> None:
    answer = post(town, path, form)
    assert answer.status == 400
    assert sentence in answer.data.decode()


def test_what_is_not_there_is_a_page_that_says_so(town: Neighbourhood) -> None:
    for path in ("/nothing", "/letters/x/html", "/pictures/a/b", "/static/../pages.py", "/static/base.html"):
        assert visit(town, path)[0].status == 404
    assert post(town, "/letters/x/reply", {}).status == 404


def test_a_picture_from_a_phone_is_shown_and_any_other_file_is_only_kept(town: Neighbourhood) -> None:
    text = town.text_in(PHONE, SENDER, "", media=[("image/png", b"png"), ("text/html", b"<script>")])
    shown, _ = visit(town, f"/pictures/{text.sid}/{text.media[0].sid}")
    kept, _ = visit(town, f"/pictures/{text.sid}/{text.media[1].sid}")
    assert (shown.headers["Content-Type"], shown.headers["Content-Disposition"]) == ("image/png", "inline")
    assert (kept.headers["Content-Type"], kept.headers["Content-Disposition"]) == (
        "application/octet-stream",
        "attachment",
    )


def test_a_picture_is_sent_from_a_phones_page_byte_by_byte(town: Neighbourhood) -> None:
    content = bytes(range(256)) * 40 + b"\r\n--\n\r"
    fields: Mapping[str, str | tuple[str, bytes, str]] = {
        "from": PHONE,
        "to": SENDER,
        "body": "He pikitia",
        "picture": ("hemi.png", content, "image/png"),
    }
    with urllib3.PoolManager() as pool:
        assert pool.request("POST", town.url + "/texts", fields=fields, redirect=False, retries=False).status == 303
    (text,) = town.texts()
    assert (text.body, text.media[0].content_type, text.media[0].content) == ("He pikitia", "image/png", content)


def test_changes_are_told_to_whoever_listens(town: Neighbourhood) -> None:
    with urllib3.PoolManager() as pool:
        stream = pool.request("GET", town.url + "/_neighbourhood/changes", preload_content=False, timeout=60)
        assert stream.headers["Content-Type"] == "text/event-stream"
        told = stream.read1() or b""
        send_text(town, "Kia ora")
        while told.count(b"data:") < 2:
            told += stream.read1() or b""
        stream.close()


def test_the_town_is_kept_between_two_starts(tmp_path: Path, school: School) -> None:
    arrangement = Arrangement(public_url=school.url, directory=tmp_path / "town", step_gap=30.0)
    with Neighbourhood(arrangement) as town:
        key = town.event_public_key
        town.text_in(PHONE, SENDER, "Kia ora", media=[("image/png", b"\x00png")])
        town.mail_in(ADDRESS, "reply@rimu.example", "x", "y", headers={"X-A": "b"})
        town.settle()
        twilio_client(town).messages.create(to=PHONE, from_=SENDER, body="under way", status_callback=school.url + "/s")
        town.name(PHONE, "Ngaire")
        town.set_phone(PHONE, PhoneState.OFF)
        texts = town.texts()
    assert (tmp_path / "town" / "event-key.pem").stat().st_mode & 0o777 == 0o600
    soon = Arrangement(public_url=school.url, directory=tmp_path / "town")
    with Neighbourhood(soon) as town:
        assert town.event_public_key == key
        town.settle()
        assert [text.sid for text in town.texts()] == [text.sid for text in texts]
        assert town.texts()[-1].media == texts[-1].media
        assert (town.phone(PHONE).label, town.phone(PHONE).state) == ("Ngaire", PhoneState.OFF)
        assert town.letters()[0].text == "y"
        assert town.texts()[0].status == "undelivered"
    assert [visit.form["MessageStatus"] for visit in school.came_to("/s")] == ["sending", "sent", "undelivered"]


def test_it_runs_as_a_process_of_its_own_and_ends_when_asked(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "commsbridge.neighbourhood", "--latency-ms", "1", "--directory", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        key = process.stdout.readline()
        with urllib3.PoolManager() as pool:
            assert pool.request("GET", url + "/", retries=False).status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert key.startswith("SENDGRID_EVENT_PUBLIC_KEY=MFk")
    refused = [sys.executable, "-m", "commsbridge.neighbourhood", "--public-url", "https://school.example"]
    ended = subprocess.run(refused, capture_output=True, text=True, check=False)
    assert (ended.returncode, "only speaks to 127.0.0.1" in ended.stderr) == (2, True)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000, b"431"),
        (b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", b"200"),
        (b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"200"),
    ],
)
def test_bytes_that_are_no_request_get_an_answer_and_the_door_shut(
    town: Neighbourhood, sent: bytes, status: bytes
) -> None:
    answer = speak(town, sent)
    assert answer.startswith(b"HTTP/1.1 " + status)


def test_requests_in_one_breath_are_answered_in_order(town: Neighbourhood) -> None:
    one = b"GET /_neighbourhood/faults HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /_neighbourhood/hooks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = speak(town, one * 5 + last)
    assert [answer.count(b'{"rules": []}'), answer.count(b'{"hooks": []}'), answer.count(b"200 OK")] == [5, 1, 6]


def speak(town: Neighbourhood, sent: bytes) -> bytes:
    """Send bytes over a bare connection and read until it is closed."""
    port = int(town.url.rpartition(":")[2])
    with urllib3.util.connection.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(sent)
        answer = b""
        while more := line.recv(65_536):
            answer += more
    return answer


@pytest.mark.journey
def test_a_phone_fills_by_itself_and_answers_without_leaving_the_page(
    town: Neighbourhood, school: School, page: Page
) -> None:
    send_text(town, "He kōrero pai mō Hēmi")
    page.goto(town.url + "/phones/+64211234567")
    expect(page.locator(".bub")).to_have_count(1)
    page.get_by_label("Text as this phone").fill("Āe, ka pai")
    send_text(town, HOSTILE)
    expect(page.locator(".bub")).to_have_count(2)
    expect(page.locator(".bub").last).to_have_text(HOSTILE)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".bub.me")).to_have_text("Āe, ka pai")
    expect(page.locator(".stamp.me")).to_contain_text("to the school: answered 200")
    expect(page.get_by_label("Text as this phone")).to_have_value("")
    assert "021 123 4567" in page.title()
    assert [visit.form["Body"] for visit in school.visits] == ["Āe, ka pai"]


@pytest.mark.journey
def test_a_letter_is_read_in_its_frame_and_answered_while_its_script_does_nothing(
    town: Neighbourhood, school: School, page: Page
) -> None:
    page.goto(f"{town.url}/mailboxes/{ADDRESS}")
    send_mail(town, "<h1>Kia ora</h1><a href='https://rimu.example/x'>Open</a>", unsubscribe=school.url + "/stop/x")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading")).to_have_text("Kia ora")
    page.get_by_text("Answer this letter").click()
    page.get_by_label("Words").fill("Ngā mihi nui")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".letter.written")).to_contain_text("Ngā mihi nui")
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_text("The school answered 200.")).to_be_visible()


@pytest.mark.journey
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_is_wider_than_its_screen(town: Neighbourhood, page: Page, width: int) -> None:
    send_text(town, "x" * 300)
    send_mail(town, f"<p style='width:3000px'>{'x' * 300}</p>")
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", "/phones/+64211234567", f"/mailboxes/{ADDRESS}", "/misbehave"):
        page.goto(town.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.journey
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_every_page_is_accessible(
    town: Neighbourhood, school: School, page: Page, checkout: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    send_text(town, "He kōrero pai https://rimu.example/x")
    town.set_phone(PHONE, PhoneState.OFF)
    send_text(town, "Shoes tomorrow")
    town.text_in(PHONE, SENDER, "Kia ora https://rimu.example/y", media=[("image/png", b"png")])
    send_mail(town, "<p lang='mi'>Kia ora</p>", unsubscribe=school.url + "/stop")
    town.reply(town.letters()[0], "Ngā mihi")
    town.misbehave(Rule("busy"))
    town.settle()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for path in ("/", "/phones/+64211234567", f"/mailboxes/{ADDRESS}", "/misbehave"):
        page.goto(town.url + path)
        page.evaluate((checkout / "tests/journeys/axe.min.js").read_text())
        found = page.evaluate("axe.run(document, {iframes: false}).then((run) => run.violations)")
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], path
