"""Macrons through every door: names are kept whole as their owner writes them, and found however they are typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from commsbridge import conversations
from commsbridge.conversations.gateways import InboundMail, InboundText
from commsbridge.foundation.work import Work
from tests.doors.conftest import SignIn
from tests.doors.pages import roll_file, upload
from tests.doors.test_parked_pages import raw_of
from tests.story import MAIL_FROM, SHORT_CODE, Story

APART = unicodedata.normalize("NFD", "Ngārāmā")
NAME = f"{APART} O’Kēfe"
# What a sender wrote is kept byte for byte as well, for the record.
AS_IT_CAME = {("replies", "original")}


def texts_kept(work: Work) -> Iterator[tuple[str, str, str]]:
    """Every text in every table of the school: table, column, value."""
    columns = text(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND data_type IN ('text', 'character varying') AND table_name <> 'alembic_version'"
    )
    for table, column in work.session.execute(columns).all():
        if (table, column) not in AS_IT_CAME:
            kept = work.session.scalars(text(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'))
            yield from ((table, column, value) for value in kept)


def test_what_comes_in_with_macrons_apart_is_kept_whole_at_every_door(sign_in: SignIn, story: Story) -> None:
    at = f"/contacts/{story.contacts['ngaire'].id}"
    child = story.students["aroha"].id
    leota, walsh, burns, jan = (sign_in(who) for who in ("leota", "walsh", "burns", "jan"))

    form = leota.open(at).form(at)
    assert leota.send(form, name=NAME, greeting=APART, note=NAME, **{f"relationship-{child}": APART}).status == 302
    form = burns.open("/staff/new").form("/staff/new")
    assert burns.send(form, name=NAME, shown_name=APART, email="n@rimu.test", role="kaiako").status == 302
    form = walsh.open(f"/students/{child}").form(f"/students/{child}/log")
    assert walsh.send(form, kind="gate", words=NAME, happened_on="2026-11-16").status == 302
    form = walsh.open(f"/students/{child}/praise").form(f"/students/{child}/praise")
    assert walsh.send(form, ("act", "send"), own_words=f"Ka rawe, {NAME}").status == 302
    roll = unicodedata.normalize("NFD", roll_file({"contact_name": NAME, "relationship": APART}).decode()).encode()
    page = jan.send(jan.open("/roll").form("/roll", having="act"), ("act", "read"), file=upload(roll))
    page = jan.send(page.form("/roll", having="token"), ("act", "import"))
    assert "This is in now" in page.text
    post = conversations.post_of_text(raw_of(story), InboundText("SM1", "+64215550190", SHORT_CODE, NAME))
    mail = InboundMail("<m@homes.test>", "x@homes.test", (MAIL_FROM,), NAME, NAME, automatic=False, spf="pass")
    letter = conversations.post_of_mail(raw_of(story), mail, delivery_id=None, our_domain="reply.rimu.test")
    with story.work() as work:
        conversations.take(work, post, sender=story.texts)
        conversations.take(work, letter, sender=story.mails)

    with story.work() as work:
        kept = list(texts_kept(work))
        assert [each for each in kept if not unicodedata.is_normalized("NFC", each[2])] == []
        whole = {table for table, _, value in kept if "Ngārāmā" in value}
    assert whole >= {"contacts", "guardianships", "staff", "korero", "messages", "deliveries", "replies"}


@pytest.mark.parametrize("typed", ["hēmi", "HEMI", "heemi", unicodedata.normalize("NFD", "Hēmi")])
def test_a_name_is_found_however_its_macrons_are_typed(sign_in: SignIn, story: Story, typed: str) -> None:
    assert "Hēmi Parata" in sign_in("burns").open("/students", q=typed).text
