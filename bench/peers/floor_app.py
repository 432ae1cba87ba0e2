"""A bare Flask endpoint that inserts one row and answers: the floor under any hook."""

from __future__ import annotations

import os

from flask import Flask, Response, request
from sqlalchemy import create_engine, text

engine = create_engine(os.environ["BENCH_FLOOR_URL"], pool_size=10)
application = Flask(__name__)
INSERT = text("INSERT INTO floor (body) VALUES (:body)")


@application.post("/hooks/twilio/messages")
def take() -> Response:
    """Store and answer."""
    body = request.get_data()
    with engine.begin() as connection:
        connection.execute(INSERT, {"body": body})
    return Response("<Response/>", mimetype="text/xml")
