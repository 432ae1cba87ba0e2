"""What a WSGI server imports: ``gunicorn wsgi:application``."""

from commsbridge.app import keep_for_good, make_application

application = make_application()
keep_for_good()
