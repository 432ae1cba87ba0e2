"""Prompts as notices: handed to the push services on threads of their own, so that the desk waits for none of them."""

from __future__ import annotations

import uuid
from functools import partial

import structlog

from commsbridge import prompts
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.messages.gateways import Outcome
from commsbridge.runtime import Runtime
from commsbridge.worker.asking import Asking

log = structlog.get_logger()
PUSH_THREADS = 8
Tried = tuple[uuid.UUID, uuid.UUID, int]


class Pushing:
    """Hands over what waits; no transaction is open meanwhile."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._asked: Asking[Tried, Outcome] = Asking("pushes", threads=PUSH_THREADS)

    @property
    def asking(self) -> int:
        """How many are being handed over."""
        return self._asked.open

    def send(self) -> int:
        """Hand over what is due, unless some of it is under way. Returns how many were begun."""
        if self._asked.open:
            return 0
        with self.runtime.carrier() as session:
            due = prompts.schools_with_pushes(session, self.runtime.now())
        return sum(self._send_for(school_id) for school_id in due)

    def _send_for(self, school_id: uuid.UUID) -> int:
        try:
            with self.runtime.work(school_id) as work:
                claimed = prompts.claim_pushes(work)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
            log.error("push.trouble", school=str(school_id), kind=type(error).__name__)
            return 0
        for each in claimed:
            self._asked.ask((school_id, each.id, each.attempt), partial(self.runtime.gateways.pushes.send, each.job))
        return len(claimed)

    def hear(self, *, block: bool = False) -> int:
        """Note what became of those that came back. Returns how many."""
        heard = [(tried, outcome) for tried, outcome in self._asked.hear(block=block) if outcome is not None]
        for (school_id, push_id, attempt), outcome in heard:
            with self.runtime.work(school_id) as work:
                state = prompts.finish_push(work, push_id, attempt=attempt, outcome=outcome)
            log.info("push.handed_over", push=str(push_id), outcome=type(outcome).__name__.lower(), state=state.value)
        return len(heard)

    def close(self) -> None:
        """Wait for what is under way, so that no thread outlives its worker; each call ends within its time-out."""
        try:
            while self._asked.open:
                self.hear(block=True)
        finally:
            self._asked.close()
