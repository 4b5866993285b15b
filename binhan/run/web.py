"""The office pages and the API as a process: Django, its sign of life, and a collector that holds nobody up."""
from __future__ import annotations

import gc
import threading

from binhan.run.process import beat_forever
from binhan.site.wsgi import application

__all__ = ["application"]
threading.Thread(target=beat_forever, args=("web", threading.Event()), daemon=True, name="heartbeat").start()
# Django itself is a few hundred thousand objects that never die, and an answer with 500 units makes thousands that die at
# once: looking through all of them again and again held answers up by a tenth of a second. Still collected, less often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
