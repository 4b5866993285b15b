"""What this context brings: accounts, and nothing that others list."""
from __future__ import annotations

from binhan.commons.context import Context
from binhan.kernel.words import Words

CONTEXT = Context(app="binhan.commons.people", name=Words("Cán bộ", "Staff"))
