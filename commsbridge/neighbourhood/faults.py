"""Misbehaving on demand: rules that say what goes wrong, for whom, how often."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from random import Random
from typing import Any

from commsbridge.neighbourhood.wire import Answer

BEFORE = frozenset({"busy", "error_before", "drop_before", "hang_before", "refuse"})
AFTER = frozenset({"error_after", "drop_after", "hang_after"})
REPORTS = frozenset({"fail", "double", "reverse", "early", "silent", "forge"})
SENDS = BEFORE | AFTER | REPORTS | {"delay"}
READS = frozenset({"delay", "busy", "error_before", "drop_before", "hang_before"})
ARRIVALS = frozenset({"miss", "double", "forge"})
ALLOWED = {"text": SENDS, "mail": SENDS, "list": READS, "text_in": ARRIVALS, "mail_in": ARRIVALS}
TEXT_FAILURES = frozenset({"undelivered", "failed"})
MAIL_FAILURES = frozenset({"bounce", "blocked", "dropped", "deferred"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to misbehave.

    ``on``: text (a text handed over), mail (a mail handed over), list (asked what it holds), text_in, mail_in (a
    family's words on their way to commsbridge). ``do``:

    - delay: answer ``seconds`` late. busy: 429 with Retry-After ``seconds``. refuse: a Twilio ``code``, or for mail
      an HTTP status as ``code``. error_before, error_after: HTTP ``code`` (500) before or after accepting.
      drop_before, drop_after: the connection is dropped. hang_before: silence for ``seconds``, then dropped;
      hang_after: accepted, and answered only after ``seconds``.
    - fail: it does not arrive: ``status`` is undelivered or failed with a Twilio ``code``; for mail bounce, blocked,
      dropped or deferred (comes late). double, reverse: reports twice, or in reverse order. early: reports before
      the API's answer. silent: no report. forge: reports with a wrong signature.
    - miss (text_in, mail_in): commsbridge is not told; texts stay on the carrier's list.

    ``sender`` and ``to`` are patterns with * and ?. ``times``: at most so often (None: always), after letting ``skip``
    go by; ``chance`` of each, from the seed.
    """

    do: str
    on: str = "text"
    sender: str = "*"
    to: str = "*"
    times: int | None = None
    skip: int = 0
    chance: float = 1.0
    seconds: float = 0.0
    code: int = 0
    status: str = ""

    def __post_init__(self) -> None:
        """Refuse a rule that can never do anything; raises ValueError with a sentence."""
        if self.on not in ALLOWED:
            raise ValueError(f"on is one of {', '.join(ALLOWED)}, not {self.on!r}.")
        if self.do not in ALLOWED[self.on]:
            raise ValueError(f"on {self.on} one can do {', '.join(sorted(ALLOWED[self.on]))}, not {self.do!r}.")
        if not 0 <= self.chance <= 1 or self.seconds < 0 or self.skip < 0 or (self.times or 0) < 0:
            raise ValueError("chance is from 0 to 1; seconds, skip and times are not negative.")
        if self.do == "fail" and self.status not in (TEXT_FAILURES if self.on == "text" else MAIL_FAILURES):
            raise ValueError(
                "fail needs a status: undelivered or failed; bounce, blocked, dropped or deferred for mail."
            )
        if self.do.startswith("error") and self.code and self.code not in {500, 502, 503, 504}:
            raise ValueError("an error's code is 500, 502, 503 or 504.")


TYPES: Mapping[str, tuple[type, ...]] = {
    "do": (str,),
    "on": (str,),
    "sender": (str,),
    "to": (str,),
    "times": (int, type(None)),
    "skip": (int,),
    "chance": (int, float),
    "seconds": (int, float),
    "code": (int,),
    "status": (str,),
}


def read_rule(written: object) -> Rule:
    """A rule from JSON; raises ValueError or TypeError with a sentence that says what is wrong."""
    if not isinstance(written, dict):
        raise TypeError("a rule is an object.")
    for name, value in written.items():
        if name not in TYPES:
            raise ValueError(f"a rule has no {name!r}; it has {', '.join(TYPES)}.")
        if not isinstance(value, TYPES[name]) or isinstance(value, bool):
            raise TypeError(f"{name} cannot be {value!r}.")
    if "do" not in written:
        raise ValueError("a rule needs do.")
    return Rule(**written)


@dataclass(frozen=True, slots=True)
class Fate:
    """What will go wrong with one request. ``ending`` decides the answer, ``fail`` the arrival."""

    delay: float = 0.0
    ending: Rule | None = None
    fail: Rule | None = None
    marks: frozenset[str] = frozenset()

    def has(self, mark: str) -> bool:
        """Whether the reports are to be double, reverse, early, silent, forge or miss."""
        return mark in self.marks


KIND_FATE = Fate()


class Faults:
    """The rules in force. With the same seed and the same order of requests, the same things go wrong."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._laid: list[_Laid] = []
        self._seed = 0

    def lay(self, rules: Sequence[Rule], seed: int = 0) -> None:
        """Put these rules in force instead of the old ones."""
        with self._lock:
            self._seed = seed
            self._laid = [_Laid(rule, Random(f"{seed}:{n}")) for n, rule in enumerate(rules)]  # noqa: S311 - a dice

    def add(self, rule: Rule) -> None:
        """Put one more rule in force."""
        with self._lock:
            self._laid.append(_Laid(rule, Random(f"{self._seed}:{len(self._laid)}")))  # noqa: S311 - a dice

    def view(self) -> list[dict[str, Any]]:
        """The rules in force with how often each has ``met`` a request and ``fired``."""
        with self._lock:
            return [asdict(laid.rule) | {"met": laid.met, "fired": laid.fired} for laid in self._laid]

    def fate(self, on: str, *, sender: str, to: str) -> Fate:
        """What goes wrong with this request, counting it."""
        if not self._laid:
            return KIND_FATE
        with self._lock:
            fired = [laid.rule for laid in self._laid if laid.fires(on, sender, to)]
        return _fate(fired)


def _fate(rules: Iterable[Rule]) -> Fate:
    fate = KIND_FATE
    for rule in rules:
        if rule.do == "delay":
            fate = replace(fate, delay=fate.delay + rule.seconds)
        elif rule.do in BEFORE | AFTER:
            fate = replace(fate, ending=fate.ending or rule)
        elif rule.do == "fail":
            fate = replace(fate, fail=fate.fail or rule)
        else:
            fate = replace(fate, marks=fate.marks | {rule.do})
    return fate


@dataclass(slots=True)
class _Laid:
    rule: Rule
    dice: Random
    met: int = 0
    fired: int = 0

    def fires(self, on: str, sender: str, to: str) -> bool:
        rule = self.rule
        if rule.on != on or not fnmatchcase(sender, rule.sender) or not fnmatchcase(to, rule.to):
            return False
        self.met += 1
        if self.met <= rule.skip or (rule.times is not None and self.fired >= rule.times):
            return False
        if self.dice.random() >= rule.chance:
            return False
        self.fired += 1
        return True


def live_out(fate: Fate, latency: float, accept: Callable[[], Answer], trouble: Callable[[Rule], Answer]) -> Answer:
    """The answer to a request with this fate: ``accept`` does what was asked, ``trouble`` words a refusal."""
    rule, wait = fate.ending, latency + fate.delay
    if rule is None:
        return _late(accept(), wait)
    if rule.do in AFTER:
        answer = accept()
        if answer.status >= 400:
            return _late(answer, wait)
        if rule.do == "hang_after":
            return _late(answer, wait + rule.seconds)
        return Answer(cut=True, after=wait) if rule.do == "drop_after" else _late(trouble(rule), wait)
    if rule.do == "hang_before":
        return Answer(cut=True, after=wait + rule.seconds)
    return Answer(cut=True, after=wait) if rule.do == "drop_before" else _late(trouble(rule), wait)


def _late(answer: Answer, seconds: float) -> Answer:
    return replace(answer, after=seconds) if seconds else answer
