"""What is shown as a day can be typed as that day."""
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.forms import DateField, DateTimeField
from django.utils import formats, timezone, translation


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_shown_is_read_as_the_same(language: str) -> None:
    at = datetime(2026, 12, 3, 2, 5, tzinfo=UTC)
    with translation.override(language):
        local = timezone.localtime(at)
        assert formats.date_format(local.date()) == "03/12/2026"
        assert DateField().clean(formats.date_format(local.date())) == local.date()
        assert DateTimeField().clean(formats.date_format(local, "DATETIME_FORMAT")) == at
