"""What this context brings: no noun, only what all nouns share (see the package)."""
from __future__ import annotations

from binhan.commons.context import Context
from binhan.kernel.words import Words

CONTEXT = Context(app="binhan.commons.cases", name=Words("Hồ sơ", "Cases"))
