"""What this context brings: the journal, which only its own SQL functions write."""
from __future__ import annotations

from binhan.commons.context import Context
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.commons.journal",
    name=Words("Nhật ký", "Journal"),
    append_only=frozenset({"journal_entry", "journal_head"}),
    hot_only=frozenset({"live_head", "live_heads", "live_journal"}),
)
