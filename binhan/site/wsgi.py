"""Django as a WSGI application: office pages and the API."""
from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhan.site.settings")
application = get_wsgi_application()
# Every page and the whole API are loaded now, not by the first request inside its transaction: on a busy machine the
# database would end that one as idle.
_ = get_resolver().url_patterns
