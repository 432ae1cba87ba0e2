"""Phone numbers and mail addresses as people write them, read into the one form the carriers take."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.mail_slips import meant_domain

HOME = "NZ"
_NUMBER_SIGNS = frozenset("0123456789+()-./ ")
_TEXTABLE = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)
_TOO_SHORT = N_("This phone number is too short: a digit may be missing.")
_TOO_LONG = N_("This phone number is too long to be one number.")
_NO_NUMBER = N_("This is not a phone number.")
_NO_PHONE = N_("No phone has this number. Please check it.")
_REASONS = {
    phonenumbers.ValidationResult.TOO_SHORT: _TOO_SHORT,
    phonenumbers.ValidationResult.TOO_LONG: _TOO_LONG,
}
_PARSE_REASONS = {
    phonenumbers.NumberParseException.TOO_SHORT_NSN: _TOO_SHORT,
    phonenumbers.NumberParseException.TOO_LONG: _TOO_LONG,
}


@dataclass(frozen=True, slots=True)
class Phone:
    """A valid number: ``e164`` as carriers write it (+64215559001); ``textable`` when it can be a mobile."""

    e164: str
    textable: bool


def read_phone(written: str) -> Phone:
    """A phone number as written by a person; a number without a country is a New Zealand one.

    Raises Invalid when it is empty, holds letters or odd signs, or is no number of any numbering plan (phonenumbers).
    The sentence never repeats the number.
    """
    signs = _plain_signs(written)
    if not signs:
        raise Invalid(N_("Please write a phone number."))
    if any(c.isalpha() for c in signs):
        raise Invalid(N_("There is a letter in this phone number. Please write it in digits."))
    if not _NUMBER_SIGNS.issuperset(signs):
        raise Invalid(N_("This phone number has a sign that does not belong."))
    number = _parsed(signs)
    return Phone(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        textable=phonenumbers.number_type(number) in _TEXTABLE,
    )


def show_phone(e164: str) -> str:
    """A number for people to read: national form at home (021 555 9001), international abroad (+61 412 345 678).

    A short code has no country and is shown as it is.
    """
    if not e164.startswith("+"):
        return e164
    number = phonenumbers.parse(e164)
    at_home = number.country_code == phonenumbers.country_code_for_region(HOME)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def read_email(written: str) -> str:
    """A mail address as written by a person: small letters only, so that one mailbox is one string.

    A domain with macrons comes back as mail servers know it (xn--…). Raises Invalid when it cannot be an address, its
    name part is not ASCII (the carrier takes no other), or its domain is a well-known slip (gmial.com); no DNS is
    asked. Addresses under .test are taken: that ending is reserved for people who do not exist (RFC 2606).
    """
    address = _without_marks(written).strip()
    if not address:
        raise Invalid(N_("Please write an email address."))
    if address.count("@") > 1:
        raise Invalid(N_("Please write one email address only."))
    domain = address.rpartition("@")[2].lower()
    meant = meant_domain(domain)
    if meant is not None:
        raise Invalid(
            N_("%(domain)s looks like a slip. Did you mean %(meant)s?"),
            domain=domain,
            meant=meant,
        )
    try:
        read = validate_email(address, allow_smtputf8=False, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid(N_("This is not an email address. Please check it.")) from error
    return f"{read.local_part}@{read.ascii_domain}".lower()


def _plain_signs(written: str) -> str:
    """The number with wide digits, dashes of every length and hard spaces made plain."""
    signs = _without_marks(unicodedata.normalize("NFKC", written))
    plain = ("-" if unicodedata.category(c) == "Pd" or c == "\u2212" else " " if c.isspace() else c for c in signs)
    return "".join(plain).strip()


def _without_marks(written: str) -> str:
    """``written`` without the invisible direction marks that phones put around a copied number or address."""
    return "".join(c for c in written if unicodedata.category(c) != "Cf")


def _parsed(signs: str) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(signs, HOME)
    except phonenumbers.NumberParseException as error:
        raise Invalid(_PARSE_REASONS.get(error.error_type, _NO_NUMBER)) from error
    if not phonenumbers.is_valid_number(number):
        reason = phonenumbers.is_possible_number_with_reason(number)
        raise Invalid(_REASONS.get(reason, _NO_PHONE))
    return number
