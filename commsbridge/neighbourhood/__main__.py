"""python -m commsbridge.neighbourhood: the pretend carrier as a process of its own."""

from __future__ import annotations

import argparse
import signal
import ssl
import sys
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

from commsbridge.neighbourhood.arrangement import (
    PRETEND_ACCOUNT_SID,
    PRETEND_AUTH_TOKEN,
    PRETEND_INBOUND_SECRET,
    PRETEND_SENDGRID_KEY,
    Arrangement,
)
from commsbridge.neighbourhood.neighbourhood import Neighbourhood


def main(words: list[str] | None = None) -> int:
    """Serve until interrupted or terminated; 2 when the arrangement cannot be."""
    asked = _arguments().parse_args(words)
    try:
        town = Neighbourhood(_arrangement(asked), port=asked.port, tls=_tls(asked.certificate))
        town.start()
    except (ValueError, OSError) as trouble:
        sys.stderr.write(f"The neighbourhood cannot open: {trouble}\n")
        return 2
    over = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: over.set())
    sys.stdout.write(f"Pretend phones and mailboxes: {town.url}\nSENDGRID_EVENT_PUBLIC_KEY={town.event_public_key}\n")
    sys.stdout.flush()
    over.wait()
    town.stop()
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m commsbridge.neighbourhood", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=0, help="port on 127.0.0.1; 0, the usual, takes a free one and prints it")
    add("--public-url", default="http://127.0.0.1:8000", help="commsbridge's public URL: webhooks are signed for it")
    add("--reach-url", help="where commsbridge listens on this machine, when that is not the public URL")
    add("--account-sid", default=PRETEND_ACCOUNT_SID)
    add("--auth-token", default=PRETEND_AUTH_TOKEN)
    add("--sendgrid-key", default=PRETEND_SENDGRID_KEY)
    add("--inbound-secret", default=PRETEND_INBOUND_SECRET, help="last part of the path of commsbridge's mail hook")
    add("--sender", action="append", default=[], help="a number the account owns (may be given again); none: any")
    add("--service", action="append", default=[], metavar="SID=NUMBER", help="a messaging service and its number")
    add(
        "--answer-stops", action="append", default=[], metavar="SENDER", help="the carrier answers STOP for this sender"
    )
    add("--latency-ms", type=float, default=0.0, help="pause before each API answer")
    add("--step-ms", type=float, default=0.0, help="pause between one report and the next")
    add("--no-reports", action="store_true", help="send no status or event webhook")
    add("--time-zone", type=ZoneInfo, default=ZoneInfo("Pacific/Auckland"))
    add("--directory", type=Path, help="keep the town here between two starts")
    add("--certificate", type=Path, help="PEM file with certificate and key: serve https")
    return parser


def _arrangement(asked: argparse.Namespace) -> Arrangement:
    return Arrangement(
        public_url=asked.public_url,
        reach_url=asked.reach_url,
        account_sid=asked.account_sid,
        auth_token=asked.auth_token,
        sendgrid_key=asked.sendgrid_key,
        inbound_secret=asked.inbound_secret,
        senders=tuple(asked.sender),
        services=dict(pair.split("=", 1) for pair in asked.service),
        stops_answered_for=frozenset(asked.answer_stops),
        latency=asked.latency_ms / 1000,
        step_gap=asked.step_ms / 1000,
        reports=not asked.no_reports,
        time_zone=asked.time_zone,
        directory=asked.directory,
    )


def _tls(certificate: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


if __name__ == "__main__":
    sys.exit(main())
