"""What a WSGI server imports: ``gunicorn wsgi:application``."""

from commsbridge.app import make_application

application = make_application()
