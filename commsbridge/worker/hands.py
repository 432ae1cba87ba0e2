"""Hands: threads that each hand over one thing at a time; what comes back is fetched in handfuls."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Given = TypeVar("Given")
Back = TypeVar("Back")


class Hands(Generic[Given, Back]):
    """So many threads that do ``work`` to whatever they are given, in the order it was given.

    A pool of futures does the same and costs twice as much a piece: a lock and a condition for each.
    """

    def __init__(self, work: Callable[[Given], Back], *, threads: int, name: str) -> None:
        self._work = work
        self._given: SimpleQueue[Given | None] = SimpleQueue()
        self._back: SimpleQueue[Back | Exception] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._go_on, name=f"{name}_{number}", daemon=True) for number in range(threads)
        ]
        self._begun = False

    def give(self, each: Given) -> None:
        """Hand it to the first thread that is free."""
        if not self._begun:
            self._begun = True
            for thread in self._threads:
                thread.start()
        self._given.put(each)

    def fetch(self, *, block: bool = False) -> list[Back]:
        """Everything that has come back; with ``block`` wait for the first. Raises what ``work`` raised."""
        fetched = [self._back.get()] if block else []
        try:
            while True:
                fetched.append(self._back.get_nowait())
        except Empty:
            pass
        for each in fetched:
            if isinstance(each, Exception):
                raise each
        return fetched  # type: ignore[return-value]

    def close(self) -> None:
        """Let the threads end when they have done what they were given."""
        for _ in self._threads:
            self._given.put(None)

    def _go_on(self) -> None:
        while (each := self._given.get()) is not None:
            try:
                self._back.put(self._work(each))
            except Exception as error:  # noqa: BLE001 - raised again by fetch()
                self._back.put(error)
