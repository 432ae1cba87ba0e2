"""Pictures that came with words, as pages show them beside the words, and why others are not here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from werkzeug.wrappers import Response

from commsbridge.conversations import PictureState, ReplyPicture
from commsbridge.foundation.language import N_
from commsbridge.foundation.pictures import APPLE_TYPE
from commsbridge.web.shown import Shown

NO_PICTURE = {
    PictureState.WAITING: N_("A picture came with this. It is being fetched: look again in a minute."),
    PictureState.TOO_LARGE: N_("A picture came that is too large for us. Ask them to send a smaller one."),
    PictureState.UNREADABLE: N_("Something came with this that is no picture we can open. Ask them to send it again."),
    PictureState.GONE: N_("A picture came, and the phone company did not give it to us. Ask them to send it again."),
}
APPLE = N_(
    "A photo came in Apple’s own form (HEIC), which we cannot open. Ask them to send a screenshot of it, or to choose "
    "Settings, Camera, Formats, Most Compatible and take it again."
)
PICTURE_FROM = N_("A picture from %(who)s")


def pictures_shown(
    shown: Shown, came: Sequence[ReplyPicture], *, who: str, url_of: Callable[[ReplyPicture], str]
) -> dict[str, Any]:
    """``pictures`` that are kept, and ``no_pictures``: a sentence for each that is not; ``who`` sent them."""
    return {
        "pictures": [
            {
                "url": url_of(each),
                "alt": shown.say(PICTURE_FROM, who=who),
                "width": each.width,
                "height": each.height,
            }
            for each in came
            if each.state is PictureState.KEPT
        ],
        "no_pictures": [shown.say(_why_not(each)) for each in came if each.state in NO_PICTURE],
    }


def _why_not(came: ReplyPicture) -> str:
    return APPLE if came.media_type == APPLE_TYPE else NO_PICTURE[came.state]


def picture_response(picture: ReplyPicture) -> Response:
    """The picture itself, as it was made anew."""
    return Response(picture.content, mimetype=picture.media_type, headers={"Content-Disposition": "inline"})
