"""The product's own settings with one line more in the list of contexts."""
from __future__ import annotations

from binhan.site import contexts

contexts.CONTEXTS = (*contexts.CONTEXTS, "tests.nouns.finds")  # the one line

from binhan.site.settings import *  # noqa: E402, F403 - reads the list
