"""Texts that went and whose end nobody told: the carrier is asked, on threads of their own."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import structlog

from commsbridge import messages
from commsbridge.messages import Unreported
from commsbridge.messages.gateways import SentText
from commsbridge.runtime import Runtime
from commsbridge.worker.asking import Asking

log = structlog.get_logger()
THREADS = 2
# The carrier's clock and ours may differ; one phone's list is short.
CLOCKS_DIFFER = timedelta(days=1)


class LostReports:
    """Asks for reports that may have been lost while nobody could hear them; no transaction is open meanwhile."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._asked: Asking[Unreported, list[SentText]] = Asking("lost-reports", threads=THREADS)

    @property
    def asking(self) -> int:
        """How many questions to the carrier have no answer yet."""
        return self._asked.open

    def ask(self, *, first: float = messages.FIRST_ASKED, last: float = messages.LAST_ASKED) -> None:
        """Ask about texts of ``first`` seconds, and once more of ``last``, unless an earlier question is open."""
        if self._asked.open:
            return
        with self.runtime.carrier() as session:
            found = messages.unreported_texts(session, first=first, last=last)
        texts = self.runtime.gateways.texts
        for each in found:
            since = each.since - CLOCKS_DIFFER
            self._asked.ask(each, partial(texts.find_sent, sender=each.sender, to=each.address, since=since))

    def hear(self, *, block: bool = False) -> int:
        """Keep what the carrier has answered; one that is away is asked again. Returns how many answered."""
        heard = self._asked.hear(block=block)
        for unreported, sent in heard:
            if sent is None:
                log.warning("worker.carrier_away", delivery=str(unreported.id))
                continue
            listed = next((each for each in sent if each.carrier_id == unreported.carrier_id), None)
            with self.runtime.work(unreported.school_id) as work:
                state = messages.take_listed(work, unreported, listed)
            log.info(
                "report.asked",
                delivery=str(unreported.id),
                found=listed is not None,
                state=state.value if state else None,
            )
        return len(heard)

    def close(self) -> None:
        """Ask nothing more; what has no answer is asked about again."""
        self._asked.close()
