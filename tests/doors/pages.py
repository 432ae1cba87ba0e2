"""Pages as tests visit them: the real application, the real sign-in page, forms sent as a browser sends them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from commsbridge import schools
from commsbridge.app import make_gateways
from commsbridge.foundation.database import Database
from commsbridge.runtime import Runtime
from commsbridge.schools import Staff
from commsbridge.settings import Settings
from tests.conftest import Clock

PUBLIC_URL = "http://localhost"
PASSWORD = "kererū over the harbour"
UNUSED = "postgresql+psycopg://nobody@127.0.0.1:1/none"  # the database of a test is handed over as it is
VOID = {"input", "br", "hr", "img", "link", "meta", "path", "rect", "circle"}


def make_settings(**over: Any) -> Settings:
    """Settings of a service without carriers; any of them can be given otherwise."""
    usual: dict[str, Any] = {
        "database_url": UNUSED,
        "migrate_database_url": UNUSED,
        "carrier_database_url": UNUSED,
        "public_url": PUBLIC_URL,
        "secret_key": "a key for tests of thirty-two letters or more",
        "inbound_email_domain": "reply.rimu.test",
        "inbound_email_secret": "an unguessable last part",
    }
    return Settings(**{**usual, **over})


def make_runtime(database: Database, clock: Clock, **over: Any) -> Runtime:
    """The runtime of a test: its database, its clock, and settings made with ``over``."""
    settings = make_settings(**over)
    return Runtime(settings=settings, database=database, gateways=make_gateways(settings), now=clock)


@dataclass
class Form:
    """One form of a page: where it goes, and what a browser would send if nobody touched it.

    ``buttons`` are (name, value, label) of each submit button; ``choices`` the values a radio or select offers.
    """

    action: str
    values: dict[str, Any] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Reads text, forms and the error beside each field out of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.title: list[str] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.wrong: dict[str, str] = {}
        self._stack: list[tuple[str, Mapping[str, str]]] = []
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._stack.append((tag, given))
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif self.forms and tag in {"input", "select", "textarea", "option", "button"}:
            self._field(tag, given)

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        kind = given.get("type", "text")
        if tag == "input" and kind in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.values[name] = given.get("value", "on")
        elif tag == "input" and kind != "file":
            form.values[name] = given.get("value", "")
        elif tag == "select":
            self._select = name
            form.choices[name] = []
        elif tag == "option":
            if "selected" in given or not form.choices[self._select]:
                form.values[self._select] = given.get("value", "")
            form.choices[self._select].append(given.get("value", ""))
        elif tag == "textarea":
            self._area = name
            form.values[name] = ""
        elif tag == "button" and kind == "submit":
            form.buttons.append((name, given.get("value", ""), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in {name for name, _ in self._stack}:
            return
        while self._stack.pop()[0] != tag:
            pass
        if tag == "textarea":
            self._area = ""

    def handle_data(self, text: str) -> None:
        open_tags = [tag for tag, _ in self._stack]
        if "script" in open_tags or "style" in open_tags:
            return
        if self._area:
            self.forms[-1].values[self._area] += text
        if "title" in open_tags:
            self.title.append(text)
            return
        self.words.append(text)
        if "button" in open_tags and self.forms and self.forms[-1].buttons:
            name, value, label = self.forms[-1].buttons[-1]
            self.forms[-1].buttons[-1] = (name, value, f"{label}{text}".strip())
        for _, given in self._stack:
            if given.get("id", "").startswith("wrong-"):
                beside = given["id"].removeprefix("wrong-")
                self.wrong[beside] = f"{self.wrong.get(beside, '')}{text}".strip()


class Page:
    """What came back: status, where a redirect leads, the text in one line, forms, and what is wrong beside fields."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        reader = _Reader()
        if response.mimetype == "text/html":
            reader.feed(response.text)
        self.text = " ".join(" ".join(reader.words).split())
        self.title = " ".join("".join(reader.title).split())
        self.links = reader.links
        self.forms = reader.forms
        self.wrong = reader.wrong

    def form(self, action: str = "", *, having: str = "") -> Form:
        """The form that goes to ``action`` and, where several do, that has the field or button ``having``."""
        for form in self.forms:
            names = {*form.values, *form.choices, *(name for name, _, _ in form.buttons)}
            if form.action == action and (not having or having in names):
                return form
        raise AssertionError(f"no form to {action} here, only to {[form.action for form in self.forms]}")


class Visitor:
    """Somebody with a browser: keeps cookies, follows redirects only when told, sends forms with their own token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: Page | None = None

    def open(self, path: str, **asked: str) -> Page:
        """Open an address, with what is asked after the question mark."""
        self.page = Page(self.client.get(path, query_string=asked or None))
        return self.page

    def send(self, form: Form, button: tuple[str, str] | None = None, /, **fields: Any) -> Page:
        """Send a form as it stands on its page, with what was typed (``fields``) and the button that was pressed."""
        pressed = {button[0]: button[1]} if button else {}
        return self.post(form.action, {**form.values, **fields, **pressed})

    def post(self, path: str, fields: Mapping[str, Any]) -> Page:
        """Post fields; without a csrf_token among them this is a forgery."""
        answer = self.client.post(path, data=dict(fields), content_type="multipart/form-data")
        answer.request.environ["wsgi.input"].close()  # a large upload lies in a file of the client's
        self.page = Page(answer)
        return self.page

    def act(self, path: str, **fields: Any) -> Page:
        """Post fields with the token of the page that is open: for a form whose other fields do not matter."""
        assert self.page is not None
        token = next(form.values["csrf_token"] for form in self.page.forms if "csrf_token" in form.values)
        return self.post(path, {"csrf_token": token, **fields})

    def follow(self) -> Page:
        """Go where the last answer sent one."""
        assert self.page is not None
        assert 300 <= self.page.status < 400, f"{self.page.status}: {self.page.text[:200]}"
        return self.open(self.page.location.removeprefix(PUBLIC_URL))


def roll_file(*rows: dict[str, str]) -> bytes:
    """A roll as a CSV file: every row is about Aroha and somebody new, but for the cells given."""
    usual = {
        "student_id": "S1",
        "student_name": "Aroha Kereama",
        "year_level": "5",
        "class": "Room 7",
        "contact_name": "Moana Tai",
        "relationship": "auntie",
        "mobile": "021 555 0150",
        "email": "",
        "language": "",
        "channel": "",
        "may_message": "",
    }
    page = io.StringIO()
    writer = csv.DictWriter(page, list(usual))
    writer.writeheader()
    writer.writerows({**usual, **row} for row in rows)
    return page.getvalue().encode()


def upload(content: bytes, name: str = "roll.csv") -> tuple[io.BytesIO, str]:
    """A chosen file, as a field's value."""
    return io.BytesIO(content), name


def signed_in_as(client: FlaskClient, staff: Staff, runtime: Runtime) -> Visitor:
    """Somebody of the staff, signed in through the real page; who has no password yet is given one first."""
    with runtime.lobby() as lobby:
        account = schools.account_of(lobby, staff.email)
        if account is None or account.password_hash is None:
            schools.set_password(lobby, staff.account_id, password=PASSWORD)
    visitor = Visitor(client)
    form = visitor.open("/sign-in").form("/sign-in", having="password")
    page = visitor.send(form, email=staff.email, password=PASSWORD)
    assert page.status == 302, page.text
    return visitor
