"""Words that do not belong in a note: belief, politics, origin, attitude. They are pointed out, never blocked – the writer
decides – and never stored as found."""
from __future__ import annotations

from typing_extensions import TypedDict

from binhan.kernel.text import fold


class WordWarning(TypedDict):
    """What a word is about, and the word."""

    kind: str
    word: str


TERMS = {
    "belief": ("tôn giáo", "theo đạo", "ngoại đạo", "công giáo", "thiên chúa giáo", "phật giáo", "tin lành", "cao đài",
               "hòa hảo", "hồi giáo", "tà đạo", "religion", "religious", "catholic", "buddhist", "protestant", "muslim"),
    "politics": ("chính trị", "phản động", "chống đối", "đảng phái", "biểu tình", "tư tưởng", "phần tử", "lật đổ",
                 "political", "politics", "dissident", "protester"),
    "attitude": ("thái độ", "bất hợp tác", "không hợp tác", "khó bảo", "bất mãn", "cực đoan", "ngoan cố", "có vấn đề",
                 "attitude", "uncooperative", "hostile"),
    "origin": ("dân tộc", "người thượng", "ethnic"),
}
_FOLDED = {kind: [(fold(term), term) for term in terms] for kind, terms in TERMS.items()}


def warnings(text: str) -> list[WordWarning]:
    """What a note should rather not say: the kind and the word."""
    plain = f" {fold(text)} "
    return [{"kind": kind, "word": term} for kind, terms in _FOLDED.items() for folded, term in terms
            if f" {folded} " in plain]
