"""What the tests are quick about, production is not."""
from __future__ import annotations

from django.conf import global_settings

from binhan.site import settings as written


def test_passwords_are_hashed_as_django_advises() -> None:
    """The tests hash them cheaply; nothing in the settings does."""
    assert not hasattr(written, "PASSWORD_HASHERS")
    assert global_settings.PASSWORD_HASHERS[0].endswith("PBKDF2PasswordHasher")
