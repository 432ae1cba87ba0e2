"""Replies as labelled: the texts of the labelled sets that no keyword or choice decides, weighed by the pure rules."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commsbridge.conversations.keywords import keyword_of
from commsbridge.conversations.matching import CONTEXT_LASTS, Ask, Candidate, Match, Sent, match
from commsbridge.conversations.stopping import asks_to_stop

LABELLED = Path(__file__).parents[1] / "labelled"
SETS = [
    "replies",
    *(
        f"replies_{look}"
        for look in ("held_out", "third_look", "fourth_look", "fifth_look", "sixth_look", "seventh_look")
    ),
]
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def key(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, name)


def candidates_of(case: dict[str, Any]) -> list[Candidate]:
    """Everybody of the phone that wrote, with the children of the school written to."""
    setup, inbound = case["setup"], case["inbound"]
    here = {each["id"]: each for each in setup["students"] if (each.get("school") or "a") == inbound["to_school"]}
    found = []
    for contact in setup["contacts"]:
        if contact.get("phone") != inbound["from"] or contact["relationship"] == "staff":
            continue
        ties = [tie for tie in setup["guardianships"] if tie["contact"] == contact["id"] and tie["student"] in here]
        names: dict[str, dict[uuid.UUID, list[str]]] = {"students": {}, "barred": {}, "former": {}}
        for tie in ties:
            child = here[tie["student"]]
            kind = "barred" if tie["access"] == "none" else "former" if child.get("left") else "students"
            names[kind][key(child["id"])] = [name for name in (child["name"], child["nickname"]) if name]
        found.append(Candidate(key(contact["id"]), **names, name=contact["name"]))
    return found


def sent_in(case: dict[str, Any]) -> list[Sent]:
    """What went to that phone before, with how long ago it was when the answer came."""
    phones = {each["id"]: each["phone"] for each in case["setup"]["contacts"]}
    later = case["inbound"].get("minutes_later") or 0
    return [
        Sent(key(each["to"]), key(child), NOW - timedelta(minutes=each["minutes_ago"] + later), each["text"])
        for each in case["outbound"]
        if phones.get(each["to"], each["to"]) == case["inbound"]["from"] and each["channel"] == "sms"
        for child in each["about"]
        if timedelta(minutes=each["minutes_ago"] + later) <= CONTEXT_LASTS
    ]


def outcomes_of(case: dict[str, Any]) -> list[dict[str, Any]]:
    return [case["expected"], *(case.get("accept") or [])]


def is_for_matching(case: dict[str, Any]) -> bool:
    words, asked = case["inbound"]["text"], any(each["kind"] == "which_child" for each in case["outbound"])
    return case["inbound"]["channel"] == "sms" and not (asked or keyword_of(words) or asks_to_stop(words))


@pytest.mark.parametrize("name", SETS)
def test_a_text_is_never_filed_with_a_child_it_is_not_about(name: str) -> None:
    lines = (LABELLED / f"{name}.jsonl").read_text("utf-8").splitlines()
    cases = [case for line in lines if is_for_matching(case := json.loads(line))]
    wrong, missed, told = [], [], 0
    for case in cases:
        found = match(case["inbound"]["text"], candidates_of(case), sent_in(case), NOW)
        filed = set(found.student_ids) if isinstance(found, Match) else set()
        if filed & {key(child) for child in case["must_not"]}:
            wrong.append(case["id"])
        right = [{key(child) for child in each["file"]} for each in outcomes_of(case) if "file" in each]
        if "file" in case["expected"]:
            told += 1
            may_ask = {"ask": True} in outcomes_of(case) and isinstance(found, Ask)
            if filed not in right and not may_ask:
                missed.append(case["id"])
    assert len(cases) > 20
    assert wrong == []
    assert len(missed) <= 0.1 * told, missed
