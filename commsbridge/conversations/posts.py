"""Posts: an inbound text or mail as filing needs it, its words and its keyword read."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from commsbridge.conversations.automatic import is_automatic
from commsbridge.conversations.gateways import InboundMail, InboundText
from commsbridge.conversations.keywords import IN_MAIL, Keyword, keyword_of
from commsbridge.foundation.addresses import read_phone
from commsbridge.foundation.errors import Refusal
from commsbridge.foundation.segments import tidy
from commsbridge.mail_reading import reply_words
from commsbridge.messages import REPLY_MARKER, Delivery
from commsbridge.whanau import Channel

# What mail programs hang on by themselves (a signature, a card, an invitation) or a mail passed on: sent as no picture.
_NO_PICTURES = re.compile(
    r"(message|multipart)/|text/(x-)?vcard|text/calendar|application/(x-)?(pkcs7|pgp)|application/ms-tnef"
)
# More of one mail are not looked at; the mail itself is kept.
MOST_HUNG = 10
# What words were written to that stand on no phone and in no mail: the page behind a link.
OWN_PAGE = "page"
# Where a picture lies that hung on a mail: in the stored request itself, at that place.
HUNG = "mail:"


@dataclass(frozen=True, slots=True)
class Post:
    """An inbound message of either kind, as filing needs it. ``delivery_id`` is what a reply token named.

    ``whole``: its words could not be told from what they answer.
    ``said_about`` is (contact, child) of what a contact wrote on their own page: nobody has to find out either;
    ``for_child``: they wrote it to be read to the child.
    """

    raw_id: uuid.UUID
    channel: Channel
    from_address: str
    to_address: str
    subject: str | None
    words: str
    original: str
    delivery_id: uuid.UUID | None
    automatic: bool
    proven: bool
    carrier_answered: bool
    keyword: Keyword | None
    pictures: int = 0
    picture_urls: tuple[str, ...] = ()
    whole: bool = False
    said_about: tuple[uuid.UUID, uuid.UUID] | None = None
    for_child: bool = False


def post_of_text(raw_id: uuid.UUID, inbound: InboundText) -> Post:
    """A text as a post. What the carrier says it already obeyed (OptOutType) is obeyed, and not answered again."""
    words = tidy(inbound.body)
    obeyed = Keyword(inbound.opt_out) if inbound.opt_out in set(Keyword) else None
    return Post(
        raw_id=raw_id,
        channel=Channel.TEXT,
        from_address=_phone(inbound.from_number),
        to_address=inbound.to_number,
        subject=None,
        words=words,
        original=_kept(inbound.body),
        delivery_id=None,
        automatic=obeyed is None and is_automatic(words),
        proven=True,
        carrier_answered=obeyed is not None,
        keyword=obeyed or keyword_of(words),
        pictures=len(inbound.media_urls),
        picture_urls=inbound.media_urls,
    )


def post_of_mail(raw_id: uuid.UUID, inbound: InboundMail, *, delivery_id: uuid.UUID | None, our_domain: str) -> Post:
    """A mail as a post: the words above our marker, the whole kept beside them."""
    original = _kept(inbound.text)
    read = inbound.words
    words = tidy(reply_words(original, our_domain=our_domain, marker=REPLY_MARKER) if read is None else _kept(read))
    hung = _hung(inbound.attachments)
    proven = not {inbound.spf, inbound.dkim} & {"fail", "softfail"}
    return Post(
        raw_id=raw_id,
        channel=Channel.EMAIL,
        from_address=inbound.from_address.casefold()[:254],
        to_address=(inbound.to_addresses or ("",))[0][:254],
        subject=tidy(inbound.subject)[:400] or None,
        words=words,
        original=original,
        delivery_id=delivery_id,
        automatic=inbound.automatic,
        proven=proven,
        carrier_answered=False,
        keyword=_mail_keyword(words) if proven or delivery_id else None,
        pictures=len(hung),
        picture_urls=hung,
        whole=inbound.whole,
    )


def post_of_page(
    raw_id: uuid.UUID,
    delivery: Delivery,
    words: str,
    *,
    said_about: tuple[uuid.UUID, uuid.UUID] | None = None,
    for_child: bool = False,
) -> Post:
    """An answer written on the page behind a delivery's own link: from whoever it went to, and no keyword."""
    return Post(
        raw_id=raw_id,
        channel=Channel(delivery.channel),
        from_address=delivery.address or "",
        to_address=OWN_PAGE,
        subject=None,
        words=tidy(words),
        original=_kept(words),
        delivery_id=delivery.id,
        automatic=False,
        proven=True,
        carrier_answered=False,
        keyword=None,
        said_about=said_about,
        for_child=for_child,
    )


def _hung(attachments: Sequence[tuple[str, str, int]]) -> tuple[str, ...]:
    """Where that lies which a person may have hung on a mail; what it is, its content alone says."""
    places = [place for place, (_, kind, _) in enumerate(attachments) if not _NO_PICTURES.match(kind.casefold())]
    return tuple(f"{HUNG}{place}" for place in places[:MOST_HUNG])


def _mail_keyword(words: str) -> Keyword | None:
    """STOP and START hold for mail, too; nobody answers HELP there but a person, so it is a letter like any other."""
    keyword = keyword_of(words)
    return keyword if keyword in IN_MAIL else None


def _kept(text: str) -> str:
    """The words as they came, but for NUL, which no database keeps: where one stood is shown."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _phone(written: str) -> str:
    """The number as we keep numbers; short codes and anything else stay as they came."""
    try:
        return read_phone(written).e164
    except Refusal:
        return written[:254]
