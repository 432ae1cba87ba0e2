"""Stopping: whether a sentence asks us to stop writing without being the keyword; then we hold everything and ask."""

from __future__ import annotations

import re

from commsbridge.conversations import everyday
from commsbridge.conversations.keywords import Keyword, keyword_of
from commsbridge.foundation.names import fold

_WRITING = (
    r"(?:te?xt\w*|messag\w*|msg\w*|e?mail\w*|send\w*|contact\w*|spam\w*|these|bother\w*|sms\w*|notif\w*|updates?)"
)
# "Stop" with what we do after it, "no more texts", "take me off the list", and the same in te reo Māori.
_ASKS = re.compile(
    rf"\bstop (?:\w+ ){{0,2}}{_WRITING}|\b(?:quit|cease) (?:\w+ )?{_WRITING}|"
    rf"\b(?:no more|dont want (?:any )?(?:more )?(?:these|your|the|any)?|dont need (?:any )?(?:more )?(?:these|"
    rf"your)?) ?{_WRITING}|"
    r"\b(?:dont|do not|never) (?:text|txt|message|msg|email|contact|send|write)\b(?! (?:him|her|them|dave|dad|mum|his|"
    r"their))|"
    r"\b(?:take|remove|delete) (?:me|my (?:number|phone|name|email)|this (?:number|phone)) ?(?:off|from|out)?|"
    r"\bunsubscribe me|\bopt (?:me )?out\b|\bleave (?:me|us) alone|\bcan (?:you|u) (?:please |pls )?stop\b(?! by)|"
    r"\b(?:dont|do not|no longer|never) (?:want|need|wish|like)(?: to)?(?: be)? (?:get|getting|receive|receiving|"
    r"have|read) "
    r"(?:\w+ ){0,2}(?:te?xts|txts|messages|msgs|e?mails|notifications|updates)\b|"
    r"\bi want (?:this|it|them|these|you) to stop\b|\bkaua (?:koutou )?e (?:tuku|tukua|karere|pai|tono|text|waea) "
    r"(?:mai|karere)|"
    r"\b(?:kati|whakamutua?) (?:te|nga|koa|o|i|a|tenei|enei|ena)\b|\bme (?:mutu|kati|whakamutu)|"
    r"\b(?:you|u) can stop\b|\bkua nui (?:rawa )?(?:nga|enei) karere"
)
_PLEASE_STOP = re.compile(
    r"(?:ok |hi |hey |please |pls |plz |just |now |stop )*stop(?: it| now| please| pls| plz| thanks| thank you| ok|"
    r" this)*"
)
# "Don't stop sending these", "can't stop smiling": nobody asks us to.
_NOT_ASKED = re.compile(
    r"\b(?:dont|do not|never|please dont|cant|cannot|couldnt|wont|didnt|not) (?:ever )?stop\b|\bkaua e (?:mutu|kati)\b"
)
_SLIPS = everyday.words("stop_slips")
_SIGNS = re.compile(r"[’'‘`]")


def asks_to_stop(words: str) -> bool:
    """Whether somebody asks, in a sentence or with a slip of the thumb, that we no longer write to them."""
    said = " ".join(re.findall(r"\w+", fold(_SIGNS.sub("", words))))
    if not said or keyword_of(words) is Keyword.STOP or _NOT_ASKED.search(said):
        return False
    first_line = words.strip().splitlines()[0] if words.strip() else ""
    alone = len(words.strip().splitlines()) > 1 and keyword_of(first_line) is Keyword.STOP
    return alone or said in _SLIPS or bool(_PLEASE_STOP.fullmatch(said)) or bool(_ASKS.search(said))


_STOP_YES = everyday.phrases("stop_yes")
_STOP_NO = everyday.phrases("stop_no")


def read_stop_answer(words: str) -> bool | None:
    """The answer to "shall we stop?": True to stop, False to go on, None when it is no answer to that."""
    said = " ".join(re.findall(r"\w+", fold(_SIGNS.sub("", words))))
    return True if said in _STOP_YES else False if said in _STOP_NO else None
