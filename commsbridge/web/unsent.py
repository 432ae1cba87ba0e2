"""What makes the pages bear bad wifi: the worker's script, the page it keeps, and who is here once one is connected.

What waits lies in the browser's own store (static/js/store.js). What is kept of the service holds nobody's name and
words: its files and one page, the same for everybody, fetched without a cookie.
"""

from __future__ import annotations

import hashlib
import json

from flask import Response, g, jsonify, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from commsbridge.foundation.language import KNOWN, Language
from commsbridge.web.access import OPEN, Pages
from commsbridge.web.acting import language, signed_in
from commsbridge.web.assets import STATIC, asset
from commsbridge.web.support import help_page

pages = Pages()
# What the kept page is drawn with. The pages proper need nothing else, so they come quicker, too.
FILES = (
    "commsbridge.webmanifest",
    "css/commsbridge.css",
    "fonts/bridge-hand.woff2",
    "fonts/bridge-type.woff2",
    "icons/favicon.svg",
    "icons/icon-192.png",
    "js/commsbridge.js",
    "js/page_later.js",
    "js/store.js",
    "js/unsent.js",
)


@pages.route("/unsent", OPEN)
def unsent() -> str:
    """What waits on this device: the same page for everybody, filled in by the browser itself."""
    asked = request.args.get("reo", "")
    return _shell(KNOWN.get(asked, language()))


def _shell(shown_in: Language) -> str:
    before, g.language = g.language, shown_in
    try:
        return render_template("unsent.html")
    finally:
        g.language = before


@pages.route("/sw.js", OPEN)
def worker() -> Response:
    """The worker's script; it changes whenever something that it keeps has changed."""
    files = [asset(name) for name in FILES]
    drawn = "".join(page for each in Language for page in (_shell(each), help_page(each)))
    script = (STATIC / "js" / "worker.js").read_text("utf-8")
    kept = {
        "version": hashlib.sha256("\n".join((*files, drawn, script)).encode()).hexdigest()[:16],
        "files": files,
        "shells": {each.tag: url_for("unsent", reo=each.value) for each in Language},
        "waits": url_for("unsent"),
        "help_at": url_for("help_now"),
        "help": {each.tag: url_for("help_now", reo=each.value) for each in Language},
    }
    head = f"importScripts({json.dumps(asset('js/store.js'))});\nconst kept = {json.dumps(kept)};\n"
    return Response(head + script, mimetype="text/javascript")


@pages.route("/here", OPEN)
def here() -> Response:
    """Who is signed in on this device, if anybody, with a fresh token: for what waited to be sent."""
    person = signed_in()
    return jsonify(writer=person.account_id, token=generate_csrf()) if person else jsonify(writer=None)
