"""Sayings that decide before a name does: "wrong number", "both are sick", another's child spoken of as theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from commsbridge.conversations.naming import Words
from commsbridge.foundation.names import fold, search_fold

_WORD = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"[\u2018\u2019\u02bc'`]")


def _said(words: str) -> str:
    """The words folded, one space between them, "don't" as dont."""
    return " ".join(_WORD.findall(fold(_APOSTROPHE.sub("", words))))


_WHO = re.compile(
    r"(?:(?:hi|hey|hello|sorry|kia ora|um|uh|ok|lol|yo|ah) )*"
    r"(?:who(?: the \w+)?(?:s| is| are| r| dis| this| u)*(?: this| you| u| it| dis| texting| pls| please| sorry| "
    r"that)*|"
    r"whos (?:this|dis)(?: please| pls)?|new phone who\w* \w+(?: \w+)?|ko wai (?:tenei|koe|ra|ra tenei)|na wai tenei)"
)
_WRONG = re.compile(
    r"\bwrong (?:number|person|phone|ph|no|num|contact)\b|\bnew phone,? who\b|"
    r"\b(?:not|isnt|no longer) (?:\w+s |my |her |his |their |the )?(?:\w+ )?(?:number|phone)(?! (?:working|charged))\b|"
    r"\b(?:dont|do not) (?:have|know) (?:any |a |no )?(?:kids?\b|child\w*|tamariki|anyone|anybody|who (?:you|u) "
    r"(?:are|r)|"
    r"(?:you|u) (?:people|guys))|\b(?:have|got|there(?: are|s|re)) no (?:kids|children|tamariki)\b|"
    r"\b(?:no one|nobody|noone) (?:here )?(?:by|called|named|of) that\b|"
    r"\b(?:just |only )?(?:got|have|been given|bought) (?:given )?this (?:number|sim|phone)\b|"
    r"\bhad this (?:number|sim|phone) (?:for )?(?:only |just |about |like )?(?:\w+ )?"
    r"(?:days?|weeks?|wks?|months?|mths?)\b|"
    r"\b(?:im|i am) not (?:\w+ )?(?:mum|dad|mother|father|parent|whanau|caregiver|guardian)\b|\bnumber (?:used to|"
    r"belonged)\b|"
    r"\b(?:he nama he|(?:kua|kei te|i) he (?:te|to|tenei|tena|taku|tau) (?:nama|waea)|he he te nama|(?:nama|"
    r"waea) he)\b|\bko wai (?:tenei|koe|ra "
    r"tenei)\b|"
    r"\b(?:ehara|kaore) (?:tenei )?(?:i|ko) (?:tona|tana|taku|a|te) (?:\w+ )?(?:waea|nama)\b"
)


_NOT_ME = re.compile(
    r"(?:sorry |hi |hey |no |um )*(?:this isnt|this is not|its not|it isnt|im not|i am not) "
    r"(\w+)(?: sorry| anymore| mate)*"
)
_NOT_HER = re.compile(
    r"\b(?:this isnt|this is not|(?:i )?am not|im not|ehara (?:au|ahau|tenei) i a|ehara (?:tenei )?ko) (\w+)\b(?! s\b)"
)


def says_wrong_number(words: str, names: Sequence[str]) -> bool:
    """Whether somebody says that they are not whom we write to: the number may have changed hands."""
    said = _said(words)
    called = {part for name in names for part in _WORD.findall(fold(name))}
    denial = _NOT_ME.fullmatch(said)
    denied = denial is not None and (denial.group(1) in called or Words(words).is_name(denial.group(1)))
    denied = denied or any(found.group(1) in called for found in _NOT_HER.finditer(said))
    return denied or bool(_WHO.fullmatch(said)) or bool(_WRONG.search(said))


_AFTER_BOTH = (
    "of them|of my|of our|of the kids|kids|boys|girls|children|tamariki|are|were|will|wont|have|had|need|sick|unwell|"
    "away|late|"
    "home|at home|love|loved|my|our|in|not|be|mauiui|enjoyed|came|went|going|coming|starting|asleep|doing"
)
_ALL_MEANT = re.compile(
    rf"\bboth (?:{_AFTER_BOTH})\b|\b(?:they|theyre|them|theyve|kids|boys|girls|children|tamariki) (?:are |were |will |"
    rf"have |had )?both\b|"
    r"\ball (?:three|3|four|4|two|of them|of my kids|my kids|our kids|the kids|my children)\b|"
    r"\b(?:two|three|2|3) of (?:my|our) kids\b|\b(?:my|our) (?:two|three|four|2|3|4)\b|"
    r"\b(?:my|our) (?:two |three |four |2 |3 |4 )?(?:kids|children|tamariki|boys|girls|babies|mokos?)\b|"
    r"\bthe (?:kids|children|tamariki|twins|girls|boys) (?:are|r|were|will|wont|have|had|both|all)\b|"
    r"\b(?:aku|a matou|a maua|o maua|nga|taku) tamariki\b|\b(?:aku|a matou|a maua) mokopuna\b|"
    r"\braua tokorua\b|\bratou katoa\b|\btokorua\b|\b(?:mauiui|harikoa|tomuri|mate) raua\b|\braua e rua\b"
)
_NOT_THEM = re.compile(
    r"\b(?:both of (?:us|you)|us both|you both|we (?:are |re |were |have )?both|both (?:parents|teachers|days|ways|"
    r"times|of you)|"
    r"korua tokorua|all the kids in|all of you)\b"
)


_TWO = re.compile(r"\b(?:both|tokorua|raua|e rua|all two)\b")


_NUMBERS = {"two": 2, "2": 2, "three": 3, "3": 3, "four": 4, "4": 4}
_COUNTED = re.compile(r"\b(?:all|my|our|the) (two|three|four|2|3|4)\b|\b(two|three|2|3) of (?:my|our) kids\b")
# Of three children "the girls" may be two: only of two are these words about all.
_SOME = re.compile(r"\b(?:my|our|the|both) (?:boys|girls|twins)\b")
_EVERY = re.compile(r"\b(?:all|katoa)\b")


def means_all(words: str, how_many: int) -> bool:
    """Whether the words speak of all of so many children: "both are sick", "aku tamariki"; not "thank you both"."""
    said = _said(words)
    if how_many != 2 and _TWO.search(said):
        return False
    if (found := _COUNTED.search(said)) is not None:
        if _NUMBERS[found.group(1) or found.group(2)] != how_many:
            return False
    elif how_many != 2 and _SOME.search(said) and not _EVERY.search(said):
        return False
    return not _NOT_THEM.search(said) and bool(said in {"both", "raua"} or _ALL_MEANT.search(said))


# What one thanks for when two messages about two children came: "for both messages", "ngā karere e rua".
_BOTH_SENT = re.compile(
    r"\b(?:both|two|2) (?:of )?(?:the |your |those |these |ur )?(?:\w+ )?"
    r"(?:messages|msgs|texts|txts|emails|mails|notes|updates|photos|pics|pictures|certificates|awards|stories|ones)\b|"
    r"\b(?:karere|panui|whakaahua|korero) e rua\b"
)


def thanks_for_two(words: str) -> bool:
    """Whether the words speak of two messages, or two things told of in them, at once."""
    return bool(_BOTH_SENT.search(_said(words)))


_KIN = r"(?:mum|mom|dad|father|mother|nan|nana|koro|kuia|nanny|aunty|auntie|uncle|parent|caregiver|papa|mama|grandma)"
_AWAY = (
    r"(?:(?:very |really |so |a bit |feeling |still |at |too |going to be |gonna be )*"
    r"(?:sick|unwell|ill|away|absent|late|home|poorly|crook|throwing up|vomiting|running late|staying home|"
    r"not (?:coming|at school|in|well|feeling)))"
)
# Each finds the name of somebody: "this is Tama's mum", "Tama is sick", "Tama won't be in", "kei te māuiui a Tama".
_SOMEBODYS = (
    re.compile(rf"\b(?:this is|its|im|i am) (\w+?)s? {_KIN}\b|\bko (?:te )?(?:whaea|papa|mama|koro|kuia|matua) "
               rf"(?:tenei )?o (\w+)\b"),
    re.compile(rf"\b(\w+) (?:is|s|was|will be|has been|is going to be) {_AWAY}\b|\b(\w+)s {_AWAY}\b|"
               r"\b(\w+) (?:wont be|will not be|isnt|is not) (?:in|at school|coming|here)\b|"
               r"\b(\w+) has (?:a )?(?:fever|temperature|cold|flu|covid|dentist|doctor|appointment|tummy|nits|"
               r"vomiting)"),
    re.compile(r"\b(?:kei te|kua|i|ka|e) (?:tino )?(?:mauiui|mate|tomuri|ngaro|turoro|mamae)(?: ana)? (?:a|ahau a) "
               r"(\w+)"),
)  # fmt: skip


def names_other_family(words: str, read: Words, known: Iterable[str]) -> bool:
    """Whether a child who is not of this phone is spoken of as the writer's own: "Tama is sick", "this is Tama's mum".

    ``known`` are the names of everybody of this phone.
    """
    own = {part for name in known for part in _WORD.findall(search_fold(name))}
    capitals = {token.folded for token in read.tokens if token.capital}
    for place, pattern in enumerate(_SOMEBODYS):
        for found in pattern.finditer(_said(words)):
            who = search_fold(next(filter(None, found.groups()), ""))
            spelled = {who, who.removesuffix("s")}
            if spelled & own or not all(read.is_name(each) for each in spelled):
                continue
            if place == len(_SOMEBODYS) - 1 or spelled & capitals:
                return True
    return False
