"""Django as a WSGI application: office pages and the API."""
from __future__ import annotations

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from binhan.site.process import beat_forever

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhan.site.settings")
application = get_wsgi_application()
# Every page and the whole API are loaded now, not by the first request inside its transaction: on a busy machine the
# database would end that one as idle.
_ = get_resolver().url_patterns
threading.Thread(target=beat_forever, args=("web", threading.Event()), daemon=True, name="heartbeat").start()
# Django itself is a few hundred thousand objects that never die, and an answer with 500 units makes thousands that die at
# once: looking through all of them again and again held answers up by a tenth of a second. Still collected, less often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
