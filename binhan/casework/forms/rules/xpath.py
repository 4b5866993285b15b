"""Whether an XPath expression of a form can be computed on a phone: its grammar (XPath 1.0) and its functions."""
from __future__ import annotations

import re

# What the phone's engine computes (@getodk/xforms-engine). pulldata() is not among them: it reads a file from elsewhere.
_NAMES = (
    "abs acos area asin atan atan2 base64-decode boolean boolean-from-string ceil ceiling checklist choice-name coalesce"
    " concat contains cos count count-non-empty count-selected current date date-time decimal-date-time decimal-time"
    " digest distance ends-with exp exp10 false floor format-date format-date-time geofence id if indexed-repeat instance"
    " int itext join lang last local-name log log10 max min name namespace-uri normalize-space not now number once pi"
    " position pow random randomize regex round selected selected-at sin sqrt starts-with string string-length substr"
    " substring substring-after substring-before sum tan today translate true uuid weighted-checklist")
FUNCTIONS = frozenset(_NAMES.split())
NODE_TYPES = frozenset(("text", "node", "comment", "processing-instruction"))
LENGTH_MAX, DEPTH_MAX = 8000, 60
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<op>\.\.|::|//|!=|<=|>=|[-+*|=<>/()\[\],.@])"""
    r"""|(?P<name>[^\W\d][\w.-]*(?::(?!:)[^\W\d][\w.-]*|:\*)?))""")
_BINARY = frozenset(("or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "|"))
_WORDS = frozenset(("or", "and", "div", "mod"))


class _NotComputable(ValueError):
    """vi, en."""


def fault(expression: str) -> tuple[str, str] | None:
    """What is wrong with the expression, in Vietnamese and English; None when it can be computed."""
    try:
        reader = _Reader(expression)
        reader.expression(0)
        if reader.kind != "end":
            raise _unexpected(reader.word)
    except _NotComputable as wrong:
        return (wrong.args[0], wrong.args[1])
    return None


def _unexpected(word: str) -> _NotComputable:
    if not word:
        return _NotComputable("biểu thức bị cụt (thiếu vế sau, hoặc thiếu dấu đóng ngoặc)",
                              "the expression ends too early (an operand or a closing bracket is missing)")
    return _NotComputable(f"biểu thức có “{word}” không đúng chỗ", f"“{word}” does not belong there in the expression")


class _Reader:
    """Reads from left to right, one token ahead."""

    def __init__(self, text: str) -> None:
        if len(text) > LENGTH_MAX:
            raise _NotComputable(f"biểu thức dài hơn {LENGTH_MAX} ký tự", f"longer than {LENGTH_MAX} characters")
        self.text, self.at, self.kind, self.word = text.rstrip(), 0, "", ""
        self.next()

    def next(self) -> None:
        if self.at >= len(self.text):
            self.kind, self.word = "end", ""
            return
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise _unexpected(self.text[self.at:].strip()[:1])
        self.at, self.kind = found.end(), str(found.lastgroup)
        self.word = found[self.kind]

    def take(self, word: str) -> bool:
        if self.kind != "op" or self.word != word:
            return False
        self.next()
        return True

    def need(self, word: str) -> None:
        if not self.take(word):
            raise _unexpected(self.word)

    def expression(self, depth: int) -> None:
        if depth > DEPTH_MAX:
            raise _NotComputable("biểu thức lồng nhau quá sâu", "nested too deeply")
        while True:
            while self.take("-"):
                pass
            self.path(depth)
            if not (self.kind == "op" and self.word in _BINARY or self.kind == "name" and self.word in _WORDS):
                return
            self.next()

    def path(self, depth: int) -> None:
        if self.kind in ("text", "number"):
            self.next()
        elif self.take("("):
            self.expression(depth + 1)
            self.need(")")
        elif self.take("/"):
            if self.kind != "name" and self.word not in (".", "..", "@", "*"):
                return  # the root alone
            self.step(depth)
        else:
            self.take("//")
            self.step(depth)
        self.predicates(depth)
        while self.take("/") or self.take("//"):
            self.step(depth)
            self.predicates(depth)

    def step(self, depth: int) -> None:
        if self.take(".") or self.take("..") or self.take("*"):
            return
        self.take("@")
        if self.take("*"):
            return
        if self.kind != "name":
            raise _unexpected(self.word)
        name = self.word
        self.next()
        if self.take("::"):
            self.step(depth)
        elif self.take("("):
            self.call(name, depth)

    def call(self, name: str, depth: int) -> None:
        if name.rpartition(":")[2] not in FUNCTIONS | NODE_TYPES:
            raise _NotComputable(f"không tính được hàm {name}() trên điện thoại", f"the phone cannot compute {name}()")
        if self.take(")"):
            return
        self.expression(depth + 1)
        while self.take(","):
            self.expression(depth + 1)
        self.need(")")

    def predicates(self, depth: int) -> None:
        while self.take("["):
            self.expression(depth + 1)
            self.need("]")
