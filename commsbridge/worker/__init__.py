"""The worker: hands deliveries to the carriers, files what came in, and settles what is in doubt. Any number may run.

A worker that is killed loses nothing: its leases run out, and what it held is asked about, never sent again blindly.
"""

from commsbridge.worker.loop import Worker
from commsbridge.worker.pushing import PUSH_THREADS

__all__ = ["PUSH_THREADS", "Worker"]
