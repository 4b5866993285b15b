"""This installation's own key, with which its pushes are signed (RFC 8292)."""
from __future__ import annotations

import base64
import os
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from py_vapid import Vapid02


@cache
def vapid() -> Vapid02:
    """This installation's own signing key, made on first use and kept with the secrets (0600)."""
    path = Path(settings.ENV.data_dir) / "secrets" / "vapid.pem"
    if not path.exists():
        made = Vapid02()
        made.generate_keys()
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent) as file:  # 0600
            file.write(made.private_pem())
            file.flush()
            with suppress(FileExistsError):  # the office and the carrier may be first at once: one key holds for both
                os.link(file.name, path)
    return Vapid02.from_file(str(path))


def public_key() -> str:
    """The application server key that a browser subscribes with (base64url, uncompressed point)."""
    raw = vapid().public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
