"""Loaded by pytest before Django's settings are read: a data directory of the run's own, and none of the developer's."""
from __future__ import annotations

import os
import sys
import tempfile

for _name in [n for n in os.environ if n.startswith("BINHAN_") and n != "BINHAN_SHARED"]:
    del os.environ[_name]
FOLDER = tempfile.TemporaryDirectory(prefix="binhan-test-", ignore_cleanup_errors=True)
os.environ["BINHAN_DATA_DIR"] = FOLDER.name
# Another run on this machine shuts the folder that all of them share, also for the user that the database runs as.
os.environ["PYTEST_DEBUG_TEMPROOT"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "binhan.site.settings"
# Systems are started by the dozen: each of their processes reads what the first one compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
