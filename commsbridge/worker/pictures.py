"""Pictures that came with words: fetched from the carrier or off a mail, made anew on threads of their own, kept."""

from __future__ import annotations

import uuid
from functools import partial

import structlog

from commsbridge import conversations
from commsbridge.conversations import Judged, PictureState, ToFetch
from commsbridge.foundation.pictures import LARGEST_FILE
from commsbridge.runtime import Runtime
from commsbridge.worker.asking import Asking

log = structlog.get_logger()
THREADS = 2


class Pictures:
    """Fetches what waits at the carrier; no transaction is open meanwhile."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._asked: Asking[tuple[uuid.UUID, uuid.UUID], Judged] = Asking("pictures", threads=THREADS)

    @property
    def asking(self) -> int:
        """How many are being fetched."""
        return self._asked.open

    def ask(self) -> None:
        """Fetch what is due, unless some are being fetched."""
        if self._asked.open:
            return
        with self.runtime.carrier() as session:
            due = conversations.schools_with_pictures_to_fetch(session, self.runtime.now())
        for school_id in due:
            with self.runtime.work(school_id) as work:
                wanted = conversations.pictures_to_fetch(work)
            for each in wanted:
                self._asked.ask((school_id, each.id), partial(self._fetch, each))

    def _fetch(self, wanted: ToFetch) -> Judged:
        """Fetch it; what hung on a mail is taken off by the process apart, which is killed over one that takes long."""
        inboxes, mail = self.runtime.gateways, wanted.mail
        content: bytes | None
        if mail is None:
            content = inboxes.text_inbox.fetch_picture(wanted.url)
        else:
            content = inboxes.mail_inbox.hung(mail.content_type, mail.body, mail.number, most=LARGEST_FILE)
        if content is None:
            return PictureState.UNREADABLE
        try:
            return conversations.judge_picture(content)
        except Exception as error:  # noqa: BLE001 - a file made to break the library stops nobody; it is alarmed
            log.error("picture.trouble", kind=type(error).__name__)
            return PictureState.UNREADABLE

    def hear(self, *, block: bool = False) -> int:
        """Keep what has been fetched. Returns how many pictures moved."""
        heard = self._asked.hear(block=block)
        for (school_id, picture_id), found in heard:
            with self.runtime.work(school_id) as work:
                row = conversations.keep_fetched(work, picture_id, found)
            log.info("picture.fetched", picture=str(picture_id), state=row.state.value)
        return len(heard)

    def close(self) -> None:
        """Fetch nothing more; what was being fetched is due again in some minutes."""
        self._asked.close()
