"""A report counted again in plain Python from the rows of its export, written without a look at the SQL."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

NZ = ZoneInfo("Pacific/Auckland")
Rows = list[dict[str, str]]


def read(written: Iterable[str]) -> Rows:
    """The rows of a CSV file as it is taken away."""
    return list(csv.DictReader(io.StringIO("".join(written).removeprefix("\ufeff"))))


def moment(written: str) -> datetime:
    """A moment as the files write it, on the school's clock."""
    return datetime.fromisoformat(written).astimezone(NZ)


def day_of(row: dict[str, str]) -> date:
    """The school's day of a line."""
    return moment(row["at"]).date()


class ByHand:
    """The numbers of each student from the lines and prompts of the export."""

    def __init__(self, rows: Rows, prompts: Rows, first_on: date, last_on: date, school_days: list[date]) -> None:
        self.first_on, self.last_on, self.school_days = first_on, last_on, school_days
        gone = {row["about"] for row in rows if row["moment"] in {"undone", "moved"}}
        rows = [row for row in rows if row["line"] not in gone]
        self.praises = {row["line"]: row for row in rows if row["moment"] == "praise"}
        self.of_child: dict[str, Rows] = {}
        for row in rows:
            self.of_child.setdefault(row["student_id"], []).append(row)
        self.prompts = prompts

    def of(self, student: uuid.UUID, began_on: date, target: int) -> dict[str, Any]:
        mine = self.of_child.get(str(student), [])
        inside = [row for row in mine if self.first_on <= day_of(row) <= self.last_on]
        alone = [row for row in inside if not row["about"]]
        days = sorted({day_of(row) for row in mine if row["moment"] == "arrived" and row["about"] in self.praises})
        return {
            "praise": sum(row["moment"] == "praise" for row in alone),
            "own_words": sum(row["moment"] == "praise" and row["own_words"] == "1" for row in alone),
            "concerns": sum(row["moment"] == "concern" for row in alone),
            "gate": sum(row["moment"] == "gate" for row in alone),
            "calls": sum(row["moment"] == "call" for row in alone),
            "pages": sum(row["moment"] == "book" for row in alone),
            "hui": sum(row["moment"] == "hui" for row in alone),
            "replies": sum(row["moment"] == "reply" for row in alone),
            "by_text": sum(row["moment"] == "reply" and row["channel"] == "text" for row in alone),
            "by_mail": sum(row["moment"] == "reply" and row["channel"] == "email" for row in alone),
            "by_page": sum(row["moment"] == "reply" and row["channel"] == "page" for row in alone),
            "begun": sum(row["moment"] == "reply" and not row["answers"] for row in alone),
            "last_on": max(days, default=None),
            **self.deliveries(mine),
            **self.questions([row for row in alone if row["promised_minutes"]]),
            **self.asked_about(str(student), [row for row in mine if row["moment"] == "praise"]),
            **self.regularity(days, began_on, target),
        }

    def deliveries(self, mine: Rows) -> dict[str, Any]:
        fate: dict[str, Rows] = {}
        for row in mine:
            praise = self.praises.get(row["about"])
            if row["delivery"] and praise and day_of(praise) >= self.first_on:
                fate.setdefault(row["delivery"], []).append(row)
        kinds = [({row["moment"] for row in rows}, rows[0]) for rows in fate.values()]
        came = [row for kind, row in kinds if "arrived" in kind]
        reo = [row for row in came if row["asked"] in {"mi", "both"}]
        other = [row for row in came if row["asked"] not in {"mi", "both", "en", ""}]
        return {
            "answerable": any(row["channel"] in {"text", "email"} for row in came),
            "sent": len(kinds),
            "arrived": len(came),
            "failed": sum("did_not_arrive" in kind and "arrived" not in kind for kind, _ in kinds),
            "uncertain": sum(not kind & {"did_not_arrive", "arrived"} and "uncertain" in kind for kind, _ in kinds),
            "reo_of": len(reo),
            "reo_got": sum(row["language"] == "both" or row["language"] == row["asked"] for row in reo),
            "other_of": len(other),
            "other_got": sum(row["channel"] not in {"text", "email"} for row in other),
            **self.as_they_came(fate.values()),
        }

    def as_they_came(self, fates: Iterable[Rows]) -> dict[str, Any]:
        timely, reo, checked = 0, 0, 0
        for rows in fates:
            praise, came = self.praises[rows[0]["about"]], [row["at"] for row in rows if row["moment"] == "arrived"]
            if came:
                timely += moment(min(came)) - moment(praise["written_at"]) <= timedelta(hours=24)
            if came and rows[0]["language"] in {"mi", "both"} and rows[0]["channel"] in {"text", "email"}:
                reo += 1
                checked += praise["checked"] == "1"
        return {"timely": timely, "reo_sent": reo, "reo_checked": checked}

    def questions(self, asked: Rows) -> dict[str, Any]:
        took = sorted(int(row["took_minutes"]) for row in asked if row["took_minutes"])
        due = [bool(row["due_at"]) and day_of({"at": row["due_at"]}) <= self.last_on for row in asked]
        in_time = sum(bool(r["took_minutes"]) and int(r["took_minutes"]) <= int(r["promised_minutes"]) for r in asked)
        overdue = sum(passed and not row["took_minutes"] for passed, row in zip(due, asked, strict=True))
        return {
            "in_time": in_time,
            "late": len(took) - in_time,
            "overdue": overdue,
            "open": len(asked) - len(took) - overdue,
            "took": tuple(took),
        }

    def asked_about(self, student: str, praises: Rows) -> dict[str, Any]:
        mine = [row for row in self.prompts if row["student_id"] == student]
        followed = []
        for row in mine:
            waits = (moment(praise["at"]) - moment(row["at"]) for praise in praises)
            followed.append(any(timedelta(0) <= each < timedelta(days=3) for each in waits))
        both = list(zip(mine, followed, strict=True))
        return {
            "prompts": len(mine),
            "prompts_answered": sum(bool(row["answer"]) or praised for row, praised in both),
            "prompts_helped": sum(row["answer"] == "gate" or praised for row, praised in both),
        }

    def regularity(self, days: list[date], began_on: date, target: int) -> dict[str, Any]:
        began = max(self.first_on, began_on)
        since = days[-1] if days else began_on - timedelta(days=1)
        weeks: dict[tuple[int, int], date] = {}
        for day in self.school_days:
            if began <= day <= self.last_on:
                weeks[day.isocalendar()[0], day.isocalendar()[1]] = day
        met, asked = 0, 0
        for end in weeks.values():
            ten = [day for day in self.school_days if day <= end][-10:]
            here = sum(began_on <= day for day in ten)
            needed = target * here // 10
            asked += needed > 0
            met += needed > 0 and sum(ten[0] <= day <= end for day in days) >= needed
        inside = [day for day in days if began <= day <= self.last_on]
        silent, longest = 0, 0
        taught = [day for day in self.school_days if began <= day <= self.last_on]
        for day in sorted({*taught, *inside}):
            silent = 0 if day in inside else silent + 1
            longest = max(longest, silent)
        return {
            "waited": self.between(since, self.last_on),
            "met": met,
            "weeks": asked,
            "longest": longest,
            "middle": median(self.between(a, b) for a, b in pairwise(inside)) if len(inside) > 1 else None,
        }

    def between(self, after: date, until: date) -> int:
        return sum(after < day <= until for day in self.school_days)


def shares_by_hand(rows: Rows, guide: int) -> dict[str, tuple[int, int]]:
    """Each measure counted again from the rows a student, by its definition in words."""
    of = [{name: int(value) if value.isdigit() else value for name, value in row.items()} for row in rows]
    asked: list[dict[str, Any]] = [{**row, "quiet": row["paused"] or row["declined"]} for row in of]

    def share(asks: Callable[[Any], Any], has: Callable[[Any], Any]) -> tuple[int, int]:
        those = [row for row in asked if asks(row)]
        return sum(bool(has(row)) for row in those), len(those)

    def everybody(_row: Any) -> bool:
        return True

    return {
        "heard": share(lambda r: not r["quiet"], lambda r: r["waited"] < 10),
        "steady": share(lambda r: not r["quiet"] and r["weeks"], lambda r: r["met"] == r["weeks"]),
        "reached": share(lambda r: not r["declined"] or r["arrived"], lambda r: r["arrived"]),
        "reo": share(lambda r: r["reo_of"], lambda r: r["reo_got"] == r["reo_of"]),
        "other": share(lambda r: r["other_of"], lambda r: r["other_got"] == r["other_of"]),
        "timely": share(lambda r: r["arrived"], lambda r: r["timely"] == r["arrived"]),
        "checked": share(lambda r: r["reo_sent"], lambda r: r["reo_checked"] == r["reo_sent"]),
        "answered": share(lambda r: r["in_time"] or r["late"] or r["overdue"], lambda r: not r["late"] + r["overdue"]),
        "wrote": share(lambda r: r["answerable"], lambda r: r["replies"]),
        "replied": share(lambda r: r["answerable"], lambda r: r["replies"] - r["begun"]),
        "begun": share(lambda r: r["answerable"], lambda r: r["begun"]),
        "balanced": share(lambda r: r["concerns"], lambda r: r["praise"] >= guide * r["concerns"]),
        "phrase": share(lambda r: r["praise"], lambda r: r["praise"] - r["own_words"]),
        "own_words": share(everybody, lambda r: r["own_words"]),
        "spoken": share(everybody, lambda r: r["gate"] or r["calls"]),
        "page": share(lambda r: r["has_book"], lambda r: r["pages"]),
        "hui": share(everybody, lambda r: r["hui"]),
        "hui_chosen": share(lambda r: r["hui_held"], lambda r: r["hui_chosen"] == r["hui_held"]),
        "hui_voiced": share(lambda r: r["hui_held"], lambda r: r["hui_voiced"] == r["hui_held"]),
        "hui_steps": share(lambda r: r["steps_due"], lambda r: r["steps_in_time"] == r["steps_due"]),
        "prompted": share(everybody, lambda r: r["prompts"]),
        "helped": share(lambda r: r["prompts"], lambda r: r["prompts_helped"]),
    }


def rest_by_hand(rows: Rows) -> dict[str, Any]:
    """Whatever else stands beside the measures, counted again from the same rows."""
    active = [row for row in rows if (row["paused"], row["declined"]) == ("0", "0")]
    took = sorted(int(minutes) for row in rows for minutes in row["took"].split())
    steps = [float(row["middle"]) for row in active if row["middle"]]
    return {
        "students": len(rows),
        "paused": sum(row["paused"] == "1" for row in rows),
        "declined": sum((row["declined"], row["paused"]) == ("1", "0") for row in rows),
        "unpraised": sum(row["praise"] == "0" for row in active),
        "weeks": (sum(int(row["met"]) for row in active), sum(int(row["weeks"]) for row in active)),
        "middle_wait": median(int(row["longest"]) for row in active),
        "middle_step": median(steps) if steps else None,
        "middle": median(took) if len(took) > 4 else None,
        "ninth": next((at for at in took if 10 * sum(each <= at for each in took) >= 9 * len(took)), None)
        if len(took) > 4
        else None,
        "waits": sorted(row["student_id"] for row in active if int(row["waited"]) >= 10),
        "longest": ranged((int(row["longest"]) for row in active), (0, 3, 6, 10, 15, 20)),
        "took": ranged((minutes / 60 for minutes in took), (0, 1, 2, 4, 8, 16)),
        "counts": counts_by_hand(rows),
    }


def ranged(numbers: Iterable[float], edges: tuple[int, ...]) -> list[int]:
    """How many fall from each edge to just before the next."""
    found = list(numbers)
    return [sum(low <= each < high for each in found) for low, high in pairwise((*edges, 10**9))]


def counts_by_hand(rows: Rows) -> dict[str, int]:
    """Each plain number of the page, by the name of its page."""

    def total(*names: str) -> int:
        return sum(int(row[name]) for row in rows for name in names)

    plain = (
        "sent", "arrived", "failed", "uncertain", "own_words", "gate", "calls", "pages", "in_time", "late", "overdue",
        "open", "by_text", "by_mail", "by_page", "begun", "hui_held", "steps_due", "steps_in_time",
        "steps_explained", "prompts", "prompts_answered", "prompts_helped", "paused",
    )  # fmt: skip
    return {
        **{name: total(name) for name in plain},
        "on_the_way": total("sent") - total("arrived", "failed", "uncertain"),
        "phrase_alone": total("praise") - total("own_words"),
        "answers": total("replies") - total("begun"),
        "declined": sum((row["declined"], row["paused"]) == ("1", "0") for row in rows),
    }


def groups_by_hand(rows: Rows) -> dict[str, dict[str, tuple[int, int]]]:
    """Who heard of whom, by language asked for, year level and support, before any small group is left out."""
    kinds: dict[str, Callable[[dict[str, str]], str]] = {
        "language": lambda row: row["asked"] if row["asked"] in {"mi", "en", "both"} else "other",
        "level": lambda row: f"{int(row['year_level'] or 0):02d}",
        "support": lambda row: "book" if row["has_book"] == "1" else "none",
    }
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for kind, of in kinds.items():
        groups = found.setdefault(kind, {})
        for row in rows:
            if (row["paused"], row["declined"]) == ("0", "0"):
                heard, all_of_it = groups.get(of(row), (0, 0))
                groups[of(row)] = heard + (int(row["waited"]) < 10), all_of_it + 1
    return found
