"""Asking: questions to a carrier are put on threads of their own, for its answer may take as long as it likes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

from commsbridge.messages.gateways import CarrierAway

Subject = TypeVar("Subject")
Answer = TypeVar("Answer")


class Asking(Generic[Subject, Answer]):
    """Questions under way, each about a subject. The worker's round goes on meanwhile and hears what has come back."""

    def __init__(self, name: str, *, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._asked: dict[Future[Answer], Subject] = {}

    @property
    def open(self) -> int:
        """How many questions have no answer yet."""
        return len(self._asked)

    def ask(self, subject: Subject, question: Callable[[], Answer]) -> None:
        """Put a question; it touches no database, since it runs beside the round."""
        self._asked[self._pool.submit(question)] = subject

    def hear(self, *, block: bool) -> list[tuple[Subject, Answer | None]]:
        """What has been answered since, None for a carrier that is away; with ``block`` wait for the first."""
        done = [future for future in self._asked if future.done()]
        if not done and block and self._asked:
            done = list(wait(self._asked, return_when=FIRST_COMPLETED).done)
        return [(self._asked.pop(future), _answer(future)) for future in done]

    def close(self) -> None:
        """Forget what was asked: whoever is in doubt asks again."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _answer(future: Future[Answer]) -> Answer | None:
    try:
        return future.result()
    except CarrierAway:
        return None
