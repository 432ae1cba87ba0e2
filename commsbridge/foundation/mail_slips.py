"""Mail domains that are known slips of the finger, and what was meant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

# Providers that New Zealand families commonly use.
PROVIDERS = (
    "gmail.com",
    "hotmail.com",
    "hotmail.co.nz",
    "outlook.com",
    "outlook.co.nz",
    "yahoo.com",
    "yahoo.co.nz",
    "icloud.com",
    "xtra.co.nz",
)

# Neighbouring keys and lost endings; each is too near to one provider, and too unlike any other, to be meant.
NEIGHBOURS = {
    "gnail.com": "gmail.com",
    "fmail.com": "gmail.com",
    "gmaul.com": "gmail.com",
    "gmsil.com": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.cm": "gmail.com",
    "gmail.om": "gmail.com",
    "hotnail.com": "hotmail.com",
    "hotmsil.com": "hotmail.com",
    "hotmaul.com": "hotmail.com",
    "hotmail.cm": "hotmail.com",
    "hotmail.om": "hotmail.com",
    "outlook.cm": "outlook.com",
    "outlook.om": "outlook.com",
    "yahoo.cm": "yahoo.com",
    "yahoo.om": "yahoo.com",
    "icloud.co": "icloud.com",
    "icloud.cm": "icloud.com",
    "icloud.om": "icloud.com",
    "xtra.co": "xtra.co.nz",
    "xtra.nz": "xtra.co.nz",
}

# Endings that are no top-level domain (IANA root zone), and what they stand for.
ENDINGS = {
    ".con": ".com",
    ".cmo": ".com",
    ".ocm": ".com",
    ".comm": ".com",
    ".coom": ".com",
    ".vom": ".com",
    ".xom": ".com",
    ".co.n": ".co.nz",
    ".co.z": ".co.nz",
    ".co.zn": ".co.nz",
    ".co.nzz": ".co.nz",
    ".conz": ".co.nz",
    ".school.n": ".school.nz",
    ".school.zn": ".school.nz",
}


def meant_domain(domain: str) -> str | None:
    """The domain that was probably meant by ``domain`` (small letters), or None when it is no known slip."""
    slipped = provider_slips().get(domain)
    if slipped is not None:
        return slipped
    for wrong, right in ENDINGS.items():
        if domain.endswith(wrong):
            mended = domain.removesuffix(wrong) + right
            return provider_slips().get(mended, mended)
    return None


@cache
def provider_slips() -> dict[str, str]:
    """Every known slip of a provider's domain, and that domain."""
    slips = {slip: provider for provider in PROVIDERS for slip in _slips(provider)}
    return {slip: meant for slip, meant in {**slips, **NEIGHBOURS}.items() if slip not in PROVIDERS}


def _slips(domain: str) -> Iterator[str]:
    """Two letters swapped, one doubled, or one left out: never the first, for mail.com and cloud.com are real."""
    name, dot, ending = domain.partition(".")
    for i in range(len(name)):
        yield name[: i + 1] + name[i:] + dot + ending
    for i in range(1, len(name)):
        yield name[:i] + name[i + 1 :] + dot + ending
        yield name[: i - 1] + name[i] + name[i - 1] + name[i + 1 :] + dot + ending
