"""Mail that came in, read with suspicion: what it holds in a process apart, which is killed when it takes long.

The process knows nothing of the service: no database, no keys, no network is opened in it.
"""

from commsbridge.mail_reading.apart import Apart, Held
from commsbridge.mail_reading.inbound_mail import Frame, read_frame, read_held, read_hung, unread_words
from commsbridge.mail_reading.stripping import LONGEST_WORDS, reply_words
from commsbridge.mail_reading.wire import storable

__all__ = [
    "LONGEST_WORDS",
    "Apart",
    "Frame",
    "Held",
    "read_frame",
    "read_held",
    "read_hung",
    "reply_words",
    "storable",
    "unread_words",
]
