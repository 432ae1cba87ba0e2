"""Numbers and addresses as people write them come out in one form, or are refused in a plain sentence."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.addresses import Phone, read_email, read_phone, show_phone
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.mail_slips import PROVIDERS, meant_domain, provider_slips


@pytest.mark.parametrize(
    "written",
    [
        "+64215559001",
        "021 555 9001",
        "021-555-9001",
        "(021) 555 9001",
        "021.555.9001",
        "021\u00a0555\u20119001",
        "0064 21 555 9001",
        "+64 (0)21 555 9001",
        "64 21 555 9001",
        "215559001",
        "\u202a+64 21 555 9001\u202c",
        "０２１ ５５５ ９００１",
        "  021 5559001\n",
    ],
)
def test_one_mobile_written_in_many_ways_is_one_number(written: str) -> None:
    assert read_phone(written) == Phone("+64215559001", textable=True)


@pytest.mark.parametrize("written", ["04 499 1234", "0800 123 456"])
def test_a_landline_is_a_number_that_takes_no_texts(written: str) -> None:
    assert read_phone(written).textable is False


@pytest.mark.parametrize(
    ("written", "e164"),
    [("+61 412 345 678", "+61412345678"), ("+685 72 12345", "+6857212345"), ("+1 415 555 2671", "+14155552671")],
)
def test_mobiles_of_other_countries_are_taken(written: str, e164: str) -> None:
    assert read_phone(written) == Phone(e164, textable=True)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "Please write a phone number."),
        (" \u200b ", "Please write a phone number."),
        ("021 555 O199", "There is a letter in this phone number. Please write it in digits."),
        ("021 555 9001 ext 4", "There is a letter in this phone number. Please write it in digits."),
        ("=021 555 9001", "This phone number has a sign that does not belong."),
        ("021 555 9001 #4", "This phone number has a sign that does not belong."),
        ("-", "This is not a phone number."),
        ("1737", "This phone number is too short: a digit may be missing."),
        ("0215", "This phone number is too short: a digit may be missing."),
        ("2", "This is not a phone number."),
        ("021 555", "No phone has this number. Please check it."),
        ("021 555 9001 / 027 555 0101", "This phone number is too long to be one number."),
        ("021 555 9001 021", "This phone number is too long to be one number."),
        ("+999 21 555 9001", "This is not a phone number."),
        ("01 555 9001", "No phone has this number. Please check it."),
    ],
)
def test_what_is_no_number_is_refused_in_a_plain_sentence(written: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_phone(written)
    assert refused.value.sentence == sentence
    assert refused.value.slots == {}


@given(st.text(max_size=40))
def test_any_text_is_a_valid_number_or_refused(written: str) -> None:
    try:
        phone = read_phone(written)
    except Invalid:
        return
    assert phonenumbers.is_valid_number(phonenumbers.parse(phone.e164))
    assert read_phone(phone.e164) == phone


@given(st.text("0123456789+()-. ", min_size=3, max_size=18))
def test_a_number_read_once_is_read_the_same_from_what_is_shown(written: str) -> None:
    try:
        phone = read_phone(written)
    except Invalid:
        return
    assert read_phone(show_phone(phone.e164)) == phone


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+64215559001", "021 555 9001"),
        ("+6444991234", "04 499 1234"),
        ("+61412345678", "+61 412 345 678"),
        ("3001",) * 2,
    ],
)
def test_a_number_is_shown_as_people_at_home_write_it(e164: str, shown: str) -> None:
    assert show_phone(e164) == shown


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("Hine.Tamatea+kura@Example.COM", "hine.tamatea+kura@example.com"),
        (" hine@kura.school.nz\n", "hine@kura.school.nz"),
        ("\u200bhine@kura.school.nz", "hine@kura.school.nz"),
        ("hine@kura.māori.nz", "hine@kura.xn--mori-qsa.nz"),
        ("o'brien@xtra.co.nz", "o'brien@xtra.co.nz"),
        ("hine@whanau.test", "hine@whanau.test"),
    ],
)
def test_one_mailbox_is_one_address(written: str, address: str) -> None:
    assert read_email(written) == address


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("GMAIL.CON", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmial.co.nz", "hotmail.co.nz"),
        ("xtra.co.n", "xtra.co.nz"),
        ("xrta.co.nz", "xtra.co.nz"),
        ("xtra.co.zn", "xtra.co.nz"),
        ("iclould.con", "iclould.com"),
        ("kura.school.n", "kura.school.nz"),
    ],
)
def test_a_well_known_slip_is_refused_with_what_was_meant(domain: str, meant: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_email(f"hine@{domain}")
    assert refused.value.sentence % refused.value.slots == f"{domain.lower()} looks like a slip. Did you mean {meant}?"


@pytest.mark.parametrize(
    "domain",
    [
        *PROVIDERS,
        "mail.com",
        "email.com",
        "ymail.com",
        "cloud.com",
        "me.com",
        "live.com",
        "tra.co.nz",
        "slingshot.co.nz",
    ],
)
def test_real_domains_that_look_like_slips_are_taken(domain: str) -> None:
    assert read_email(f"hine@{domain}") == f"hine@{domain}"


def test_what_is_meant_is_never_itself_a_slip() -> None:
    assert all(meant_domain(meant) is None for meant in provider_slips().values())


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "Please write an email address."),
        ("hine", "This is not an email address. Please check it."),
        ("hine@", "This is not an email address. Please check it."),
        ("@kura.nz", "This is not an email address. Please check it."),
        ("hine tamatea@kura.nz", "This is not an email address. Please check it."),
        ("hine@kura,nz", "This is not an email address. Please check it."),
        ("hine@kura", "This is not an email address. Please check it."),
        ("hine\0@kura.nz", "This is not an email address. Please check it."),
        ("māhina@kura.nz", "This is not an email address. Please check it."),
        ("hine@kura.nz\nBcc: all@kura.nz", "Please write one email address only."),
        ("a@kura.nz; b@kura.nz", "Please write one email address only."),
    ],
)
def test_what_is_no_address_is_refused_in_a_plain_sentence(written: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_email(written)
    assert refused.value.sentence == sentence


@given(st.text(max_size=60) | st.emails())
def test_any_text_is_an_address_that_reads_the_same_again_or_refused(written: str) -> None:
    try:
        address = read_email(written)
    except Invalid:
        return
    assert address.isascii()
    assert read_email(address) == address
    assert not set(address) & set(" \r\n\0")
