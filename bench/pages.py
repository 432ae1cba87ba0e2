"""Pages and memory of a small school."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import urllib3

from bench.figures import Figure
from bench.inbound import serving
from bench.place import Place, SmallSchool, past, place, small_school, working
from commsbridge import messages, schools
from commsbridge.messages import Draft
from commsbridge.students import Student
from commsbridge.web import make_web

VISITS = 60
CHILDREN = 28
PASSWORD = "kererū over the harbour"  # noqa: S105 - of a school that lasts a minute


def praise_page() -> Iterator[Figure]:
    """Server time of the page to write praise on, in a class of 28, signed in; the median of many visits."""
    with place() as here:
        school = small_school(here.runtime, children=CHILDREN)
        client = make_web(here.runtime).test_client()
        client.set_cookie("commsbridge", signed_in_secret(here, school))
        times = []
        for visit in range(VISITS + 5):
            student_id = school.students[visit % CHILDREN]
            began = perf_counter()
            answer = client.get(f"/students/{student_id}/praise")
            times.append((perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.status_code
    yield Figure("praise_page.ms", statistics.median(times[5:]), "ms", None, f"median of {VISITS}, class of {CHILDREN}")


def signed_in_secret(here: Place, school: SmallSchool) -> str:
    """What the cookie of the school's teacher holds once they have signed in."""
    with here.runtime.lobby() as lobby:
        account = schools.account_of(lobby, school.email)
        assert account is not None
        schools.set_password(lobby, account.id, password=PASSWORD)
        opened = schools.sign_in(lobby, email=school.email, password=PASSWORD, remember=True, from_address="127.0.0.1")
        assert isinstance(opened, schools.Opened)
        return opened.secret


def memory() -> Iterator[Figure]:
    """Proportional memory of web and worker together, after pages were looked at and praise was sent.

    Linux alone counts pages by how many share them: elsewhere it yields nothing, and says so.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        sys.stderr.write("  memory.mb was not measured: it is read from Linux's /proc\n")
        return
    with place() as here:
        school = small_school(here.runtime, children=CHILDREN)
        secret = signed_in_secret(here, school)
        with serving(here, "commsbridge.app:make_application()") as url, working(here):
            for student_id in school.students:
                headers = {"Cookie": f"commsbridge={secret}"}
                answer = urllib3.request("GET", f"{url}/students/{student_id}/praise", headers=headers, timeout=30)
                assert answer.status == 200, answer.status
            _praise(here, school)
            time.sleep(3)
            megabytes = sum(_proportional(pid) for pid in _family()) / 1024
    yield Figure("memory.mb", megabytes, "MB", ("<=", 300), "web (2 processes) and worker, proportional set size")


def _praise(here: Place, school: SmallSchool) -> None:
    runtime = past(here.runtime)
    with runtime.work(school.school_id, school.teacher) as work:
        for student_id in school.students[:5]:
            student = work.session.get_one(Student, student_id)
            messages.send_praise(work, student, Draft(words="Ka pai"), links=runtime.links)


def _family() -> list[int]:
    """The processes this one started, and theirs, but for PostgreSQL."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = status.read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        parents[int(status.parent.name)] = int(words[1])
    here = int(Path("/proc/self").readlink().name)
    ours = [pid for pid in parents if here in _ancestors(pid, parents)]
    return [pid for pid in ours if "postgres" not in Path(f"/proc/{pid}/comm").read_text()]


def _ancestors(pid: int, parents: dict[int, int]) -> set[int]:
    found: set[int] = set()
    while (pid := parents.get(pid, 0)) and pid not in found:
        found.add(pid)
    return found


def _proportional(pid: int) -> float:
    """Proportional set size in kilobytes: shared pages are counted once among those who share them."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it ended since it was listed
        return 0.0
    return next(float(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
