"""Django as a WSGI application: office pages and the API."""
from __future__ import annotations

import os
import threading

from django.core.wsgi import get_wsgi_application

from binhan.site.process import beat_forever

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhan.site.settings")
application = get_wsgi_application()
threading.Thread(target=beat_forever, args=("web", threading.Event()), daemon=True, name="heartbeat").start()
