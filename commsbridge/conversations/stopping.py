"""Stopping: whether a sentence asks us to stop writing without being the keyword; then we hold everything and ask."""

from __future__ import annotations

import re

from commsbridge.conversations import everyday
from commsbridge.conversations.keywords import Keyword, keyword_of
from commsbridge.foundation.names import fold

_POLITE_END = r"(?: (?:please|pls|plz|now|thanks|thank you|asap))*$"
_WRITING = r"(?:te?xt\w*|messag\w*|msg\w*|e?mail\w*|contact\w*|spam\w*|these|bother\w*|sms\w*|notif\w*|updates?)"
# What follows "send" where it is we who send: "sending him home early" is about school, not about us.
_SENT = (
    rf"(?: (?:me|us)\b| (?:it|this|that|stuff|things|anything|any more|so many|so much)"
    rf"(?: (?:please|pls|now|to (?:me|us)))*$| (?:(?:the|your|any|all|more|so many|of) )*{_WRITING}\b|$)"
)
_OURS = rf"(?:{_WRITING}|mailing|list\w*|system|group|database|record\w*|app|it|here|now|please|pls|thanks|asap|thank)"
# A text at another hour is a wish for a person to read, and no end of texts.
_AT_A_TIME = r"(?! (?:me |us )?(?:while|when|during|after|before|until|till?|between|at (?:work|night)|in the)\b)"
_KARERE = r"(?:karere|patuhi\w*|kuputuhi\w*|imera|tuku\w*|waea\w*|tuhi\w*|whakapa\w*|text\w*)"
# "Stop" with what we do after it, "no more texts", "take me off the list", and the same in te reo Māori.
_ASKS = re.compile(
    rf"\bstop (?:\w+ ){{0,2}}{_WRITING}|\bstop (?:\w+ ){{0,2}}send\w*{_SENT}|\b(?:quit|cease) (?:\w+ )?{_WRITING}|"
    rf"\b(?:quit|cease) (?:\w+ )?send\w*{_SENT}|"
    rf"\b(?:no more|dont want (?:any )?(?:more )?(?:these|your|the|any)?|dont need (?:any )?(?:more )?(?:these|"
    rf"your)?) ?{_WRITING}|\bno te?xts{_POLITE_END}|"
    rf"\b(?:dont|do not|never) (?:text|txt|message|msg|email|contact|write)\b"
    rf"(?! (?:him|her|them|dave|dad|mum|his|their)){_AT_A_TIME}|"
    rf"\b(?:dont|do not|never) send{_SENT}|"
    rf"\b(?:take|remove|delete) (?:me|my (?:number|phone|name|email)|this (?:number|phone))"
    rf"(?:{_POLITE_END}| (?:off|from|out)(?: of)?(?: (?:your|this|these|the|all|any|our|school|whole))*"
    rf"(?: {_OURS}\b|$))|"
    rf"\bunsubscribe (?:me|us)|^(?:please |pls )?unsubscribe{_POLITE_END}|"
    rf"\bopt (?:me )?out{_POLITE_END}|\bopt (?:me )?out of (?:\w+ )?{_OURS}|"
    rf"\bleave (?:me|us) alone|\bcan (?:you|u) (?:please |pls )?stop(?: (?:it|this|that))?{_POLITE_END}|"
    r"\b(?:dont|do not|no longer|never) (?:want|need|wish|like)(?: to)?(?: be)? (?:get|getting|receive|receiving|"
    r"have|read) "
    r"(?:\w+ ){0,2}(?:te?xts|txts|messages|msgs|e?mails|notifications|updates)\b|"
    r"\bi want (?:this|it|them|these|you) to stop\b|\bkaua (?:koutou )?e (?:tuku|tukua|karere|pai|tono|text|waea) "
    r"(?:mai|karere)|"
    rf"\b(?:kati|whakamutua?) (?:koa|tenei|enei|ena)\b|\b(?:kati|whakamutua?) (?:\w+ ){{1,3}}{_KARERE}|"
    rf"\bme (?:mutu|kati|whakamutu\w*)(?: koa| tenei| enei| ena)?$|"
    rf"\bme (?:mutu|kati|whakamutu\w*) (?:\w+ ){{1,3}}{_KARERE}|"
    rf"\b(?:you|u) can stop{_POLITE_END}|\bkua nui (?:rawa )?(?:nga|enei) karere"
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
