"""The official Twilio client as it comes, with so many threads; nothing is written down anywhere."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from twilio.rest import Client

from bench.peers.pretend import ACCOUNT, BODY, TOKEN, number


def main(url: str, count: int, threads: int) -> None:
    """Print texts a second."""
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = url

    def send(each: int) -> None:
        client.messages.create(from_="4545", to=number(each), body=BODY, validity_period=3600)

    with ThreadPoolExecutor(threads) as executor:
        list(executor.map(send, range(threads)))
        began = perf_counter()
        list(executor.map(send, range(count)))
        print(count / (perf_counter() - began))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
