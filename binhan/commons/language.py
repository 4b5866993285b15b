"""Which of the two languages the present request is answered in, and names in it."""
from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import get_language

from binhan.kernel.lifecycle import Lifecycle
from binhan.kernel.words import Words


def lang() -> str:
    """"vi" or "en", as the request's middleware chose; Vietnamese where there is no request."""
    return "en" if get_language() == "en" else "vi"


def shown(words: Words) -> str:
    """The name in the present language."""
    return words.said(lang())


def state_name(lifecycle: Lifecycle, state: str) -> str:
    """What people call a state of that noun, in the present language."""
    return lifecycle.state_name(state, lang())


later = lazy(shown, str)  # the same, decided when it is shown: for what is made once at the start
