"""Texts that came in: each finds its school, and those of one school are filed together, in the order they came in."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl

import structlog

from commsbridge import bots, conversations, messages, schools
from commsbridge.conversations import Post, Reply, Waiting
from commsbridge.conversations.gateways import InboundText
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.foundation.work import Work
from commsbridge.runtime import Runtime

log = structlog.get_logger()

# One act, and one write to the disk, for so many texts of a school; whoever wrote the first waits for the last, a
# tenth of a second.
TOGETHER = 50
# A shared sender's answer goes to the school that wrote last, within the year.
LAST_WROTE_WITHIN = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A stored text as it was read."""

    raw: Waiting
    inbound: InboundText
    post: Post


class Texts:
    """Files stored texts. ``note_trouble`` is told of one that cannot be taken, and of the kind of fault."""

    def __init__(self, runtime: Runtime, note_trouble: Callable[[uuid.UUID, str], None]) -> None:
        self.runtime = runtime
        self._note_trouble = note_trouble

    def file(self, waiting: Sequence[Waiting]) -> int:
        """File these, the oldest first. Returns how many are another worker's, who is at that school just now."""
        arrived = [each for each in map(self._read, waiting) if each is not None]
        by_school: dict[uuid.UUID, list[Arrived]] = defaultdict(list)
        for each, school_id in self._placed(arrived):
            by_school[school_id].append(each)
        return sum(self._file_for(school_id, theirs) for school_id, theirs in by_school.items())

    def _read(self, raw: Waiting) -> Arrived | None:
        try:
            inbound = self.runtime.gateways.text_inbox.read(parse_qsl(raw.body.decode("utf-8", "replace"), True))
            return Arrived(raw, inbound, conversations.post_of_text(raw.id, inbound))
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest; it is counted and alarmed
            self._note_trouble(raw.id, type(error).__name__)
            return None

    def _placed(self, arrived: Sequence[Arrived]) -> Iterable[tuple[Arrived, uuid.UUID]]:
        """Each with its school; one that names none is kept for a person, and counted."""
        if not arrived:
            return
        pairs = {(each.inbound.to_number, each.post.from_address) for each in arrived}
        with self.runtime.lobby(ingest=True) as ingest:
            sharing = schools.schools_of_numbers(ingest, pairs)
        for each in arrived:
            hear = sharing[each.inbound.to_number, each.post.from_address]
            try:
                school_id = self._school_of(each, hear)
            except DATABASE_AWAY:
                raise
            except Exception as error:  # noqa: BLE001 - as above
                self._note_trouble(each.raw.id, type(error).__name__)
                continue
            if school_id is not None:
                yield each, school_id

    def _school_of(self, each: Arrived, hear: Collection[uuid.UUID]) -> uuid.UUID | None:
        school_id = each.raw.school_id or self._last_to_write(hear, each.post.from_address)
        if school_id != each.raw.school_id or school_id is None:
            with self.runtime.lobby(ingest=True) as ingest:
                conversations.give_to_school(ingest, each.raw.id, school_id)
        if school_id is None:
            log.warning("inbound.no_school", raw=str(each.raw.id))
            return None
        for other in set(hear) - {school_id} if each.post.keyword is not None else ():
            # First, so that a fault on the way leaves the request untaken: it is obeyed again rather than not at all.
            with self.runtime.work(other) as work:
                sender = schools.sender_at(work, each.inbound.to_number)
                conversations.obey_elsewhere(work, each.post, sender=sender)
        return school_id

    def _last_to_write(self, sharing: Collection[uuid.UUID], address: str) -> uuid.UUID | None:
        """On a sender that schools share it is for the one that last wrote to this phone."""
        newest: dict[uuid.UUID, float] = {}
        for school_id in sharing:
            with self.runtime.work(school_id) as work:
                recent = messages.recent_to(work, address, since=work.now - LAST_WROTE_WITHIN, limit=1)
                newest[school_id] = recent[0][0].made_at.timestamp() if recent else 0.0
        return max(newest, key=lambda school_id: newest[school_id]) if newest else None

    def _file_for(self, school_id: uuid.UUID, arrived: Sequence[Arrived]) -> int:
        """File one school's. Returns how many another worker is at."""
        for begins in range(0, len(arrived), TOGETHER):
            together = arrived[begins : begins + TOGETHER]
            try:
                ours = self._take(school_id, together)
            except DATABASE_AWAY:
                raise
            except Exception:  # noqa: BLE001 - nothing of it was kept: each is taken by itself, and the bad one is found
                ours = self._take_one_by_one(school_id, together)
            if not ours:
                return len(arrived) - begins
        return 0

    def _take_one_by_one(self, school_id: uuid.UUID, arrived: Sequence[Arrived]) -> bool:
        for each in arrived:
            try:
                if not self._take(school_id, [each]):
                    return False
            except DATABASE_AWAY:
                raise
            except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest; it is counted and alarmed
                self._note_trouble(each.raw.id, type(error).__name__)
        return True

    def _take(self, school_id: uuid.UUID, arrived: Sequence[Arrived]) -> bool:
        """File some in one act: all of them, or none when it fails. False when another worker is at this school."""
        with self.runtime.work(school_id, many=True) as work:
            if not conversations.hold_turn(work):
                return False
            conversations.claim_together(work, [each.raw.id for each in arrived])
            if len(arrived) > 1:
                conversations.look_up(work, [each.post for each in arrived])
            taken = [(each.raw, self._take_one(work, each)) for each in arrived]
        for raw, reply in taken:
            if reply is None:
                # Its school cannot see it; then it must not come for ever.
                self._note_trouble(raw.id, "not taken")
            else:
                log.info("inbound.taken", raw=str(raw.id), state=reply.state)
        return True

    def _take_one(self, work: Work, each: Arrived) -> Reply | None:
        sender = schools.sender_at(work, each.inbound.to_number)
        said = bots.take_from_staff(work, each.post, sender=sender, links=self.runtime.links)
        return said or bots.take(work, each.post, sender=sender, links=self.runtime.links)
