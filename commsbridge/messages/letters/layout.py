"""How a mail is laid out: blocks by language, once as plain text and once as plain, accessible HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from commsbridge.foundation.language import Language
from commsbridge.foundation.segments import tidy

# First line of each mail that can be answered. It never changes: answers are cut where it comes back in a quotation.
REPLY_MARKER = "— Reply above this line / Whakautua i runga i tēnei rārangi —"

# How the HTML names the picture that comes within the mail (RFC 2392).
PICTURE_ID = "photo"

Size = Literal["large", "plain", "small"]

# Sizes only: without colours of our own, a mail program's dark mode stays readable.
_SIZES: dict[Size, str] = {"large": "font-size:22px", "plain": "font-size:18px", "small": "font-size:16px"}
_HEADING = "font-size:24px"
# A border in the colour of the words: at least 44 px high, and seen in a dark mail program, too.
_BUTTON = "display:inline-block;padding:12px 22px;border:2px solid;border-radius:8px;font-size:20px;font-weight:bold"
_BODY = "margin:0 auto;padding:16px;max-width:36em;font-family:Verdana,Arial,sans-serif;line-height:1.5"

_PAGE = Markup(
    "<!doctype html>\n"
    '<html lang="{lang}">\n'
    "<head>\n"
    '<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n'
    "<title>{subject}</title>\n"
    "</head>\n"
    '<body style="{style}">\n'
    "{body}\n"
    "</body>\n"
    "</html>\n"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. ``typed`` marks a person's own words, with the language they are in where it is known.

    ``link`` makes the words a link to it, drawn as a button where it is to be ``pressed``; the plain text writes the
    address out below them. ``picture`` says what the picture shows that stands in their place where pictures can
    (PICTURE_ID).
    """

    words: str
    size: Size = "plain"
    link: str | None = None
    typed: bool = False
    typed_in: Language | None = None
    picture: str | None = None
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """All that a mail says in one language, under a heading of its own."""

    language: Language
    heading: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished mail: ``subject`` is one line, ``text`` and ``html`` say the same.

    ``paragraphs`` are its words with their lang codes (None: in an unknown language), for showing it before it goes.
    """

    subject: str
    text: str
    html: str
    paragraphs: tuple[tuple[str, str | None], ...] = ()


def lay_out(subject: str, blocks: tuple[Block, ...], *, answerable: bool) -> Letter:
    """The letter, beginning with REPLY_MARKER when it can be answered. Everything written in is escaped here."""
    one_line = tidy(" ".join(subject.split()))
    return Letter(
        subject=one_line,
        text=tidy(_as_text(blocks, answerable=answerable)) + "\n",
        html=str(_as_html(one_line, blocks, answerable=answerable)),
        paragraphs=tuple((tidy(p.words), _lang_of(p, block)) for block in blocks for p in block.paragraphs),
    )


def _lang_of(paragraph: Paragraph, block: Block) -> str | None:
    if not paragraph.typed:
        return block.language.tag
    return paragraph.typed_in.tag if paragraph.typed_in else None


def _as_text(blocks: tuple[Block, ...], *, answerable: bool) -> str:
    parts = [REPLY_MARKER] if answerable else []
    for block in blocks:
        if len(blocks) > 1:
            parts.append(f"{block.heading}\n{'-' * len(block.heading)}")
        parts += [f"{p.words}\n{p.link}" if p.link else p.words for p in block.paragraphs]
    return "\n\n".join(parts)


def _as_html(subject: str, blocks: tuple[Block, ...], *, answerable: bool) -> Markup:
    parts = [_section(block) for block in blocks]
    if answerable:
        parts.insert(0, f'<p style="{_SIZES["small"]}">{escape(REPLY_MARKER)}</p>')
    body = Markup("\n".join(parts))  # noqa: S704 - each part is escaped where it is made
    return _PAGE.format(lang=blocks[0].language.tag, subject=subject, style=_BODY, body=body)


def _section(block: Block) -> str:
    """A block as HTML, escaped: joined as plain text, which takes a third of the time of markup joined as markup."""
    paragraphs = "\n".join(_paragraph(p) for p in block.paragraphs)
    heading = f'<h1 style="{_HEADING}">{escape(tidy(block.heading))}</h1>'
    return f'<section lang="{escape(block.language.tag)}">\n{heading}\n{paragraphs}\n</section>'


def _paragraph(paragraph: Paragraph) -> str:
    if paragraph.picture is not None:
        alt = escape(tidy(paragraph.picture))
        img = f'<img src="cid:{PICTURE_ID}" alt="{alt}" style="max-width:100%;height:auto">'
        return f'<p style="{_SIZES["plain"]}">{img}</p>'
    # Tidied before it is marked up: composition would join a leading U+0338 to the ">" of a tag.
    words = "<br>\n".join(escape(line) for line in tidy(paragraph.words).split("\n"))
    if paragraph.link is not None:
        drawn = f' style="{_BUTTON}"' if paragraph.pressed else ""
        words = f'<a href="{escape(paragraph.link)}"{drawn}>{words}</a>'
    # Unknown language is the empty tag (BCP 47 via HTML's lang attribute), so that no screen reader guesses a voice.
    lang = escape(paragraph.typed_in.tag) if paragraph.typed_in else ""
    typed = f' lang="{lang}" dir="auto"' if paragraph.typed else ""
    return f'<p{typed} style="{_SIZES[paragraph.size]}">{words}</p>'
