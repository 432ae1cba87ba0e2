"""The office's pages."""

from __future__ import annotations
from tests.doors.conftest import SignIn


def test_smoke(sign_in: SignIn) -> None:
    v = sign_in("walsh")
    page = v.follow()
    print(page.text)
    assert page.status == 200
