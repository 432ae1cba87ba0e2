"""A bare urllib3 loop that posts texts to the carrier with so many threads: the most any client could do."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from urllib.parse import urlencode

import urllib3

from bench.peers.pretend import ACCOUNT, BODY, TOKEN, number


def main(url: str, count: int, threads: int) -> None:
    """Print texts a second."""
    pool = urllib3.PoolManager(maxsize=threads, num_pools=1, retries=False)
    address = f"{url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    headers = {
        **urllib3.make_headers(basic_auth=f"{ACCOUNT}:{TOKEN}"),
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def send(each: int) -> None:
        fields = {"From": "4545", "To": number(each), "Body": BODY, "ValidityPeriod": "3600"}
        answer = pool.request("POST", address, body=urlencode(fields), headers=headers)
        assert answer.status == 201, answer.data

    with ThreadPoolExecutor(threads) as executor:
        list(executor.map(send, range(threads)))
        began = perf_counter()
        list(executor.map(send, range(count)))
        print(count / (perf_counter() - began))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
