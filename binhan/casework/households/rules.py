"""What may stand in the household register, and who may change it. Pure: keys and days come in as values."""
from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import replace

import phonenumbers

from binhan.kernel.address import Address, number_words, same_door, search_fold
from binhan.kernel.text import fold
from binhan.kernel.words import Words

# Who keeps the register; petition desk and leadership may read it. SOS roles do neither.
REGISTRARS = frozenset({"team_member", "khu_pho_board", "social_officer"})
NAME_MAX, ADDRESS_MAX, LANDMARK_MAX, CODE_MAX = 100, 300, 200, 40
BORN_FROM = 1900
PHONE = r"^\+[1-9][0-9]{7,14}$"
DOOR_KINDS = {
    "house": Words("nhà", "house"), "apartment": Words("căn hộ", "flat"), "room": Words("phòng trọ", "rented room"),
    "business": Words("cơ sở kinh doanh", "business"), "institution": Words("cơ quan, trường học", "office, school"),
    "other": Words("khác", "other")}
BEST_TIMES = {
    "morning": Words("buổi sáng", "morning"), "noon": Words("buổi trưa", "noon"),
    "afternoon": Words("buổi chiều", "afternoon"), "evening": Words("buổi tối", "evening"),
    "weekend": Words("cuối tuần", "weekend")}
ACCESS_MAX, OCCUPANTS_MAX = 300, 2000
HOUSEHOLD_KINDS = {
    "owner": Words("chủ sở hữu", "owner"), "tenant": Words("thuê nhà", "tenant"),
    "room": Words("ở trọ (phòng)", "lodger (room)"), "business": Words("cơ sở kinh doanh", "business")}
RELATIONS = {
    "head": Words("chủ hộ", "head"), "spouse": Words("vợ, chồng", "spouse"), "child": Words("con", "child"),
    "parent": Words("cha, mẹ", "parent"), "relative": Words("người thân", "relative"),
    "tenant": Words("người thuê", "tenant"), "worker": Words("người làm", "worker"), "other": Words("khác", "other")}
RESIDENCES = {"permanent": Words("thường trú", "permanent"), "temporary": Words("tạm trú", "temporary")}
# Why a person is on record at all, and what allows it (Law 91/2025/QH15; consent is recorded at the visit).
PURPOSES = {
    "door_to_door": Words("tổ 3 trong 1 gặp gỡ, lắng nghe", "visits by the 3-in-1 team"),
    "support": Words("hỗ trợ an sinh", "social support"), "callback": Words("hẹn trả lời", "reply promised")}
BASES = {
    "state_duty": Words("nhiệm vụ do luật định", "duty by law"), "consent": Words("đồng ý", "consent"),
    "urgent": Words("tình huống khẩn cấp", "emergency")}


def door_key(address: Address, way_name: str, area: str) -> str:
    """One key per door inside a ward: the address however it is spelt, its way and khu phố as the register has them."""
    if way_name:  # the register's own name of the way, not one of its former or misspelt ones
        address = replace(address, street="way", building="")
    return f"{same_door(address)}|{search_fold(way_name)}|{search_fold(area)}"


def door_words(address: Address, *names: str) -> str:
    """What a door is found by: its number as words, and everything else that is said about it."""
    written = search_fold(address.text)
    plain = re.sub(r"^(?:so (?:nha )?)?[0-9]+[a-z]{0,3}(?: [0-9]+[a-z]?)* ", "", f"{written} ").strip()
    words = [" ".join(number_words(address.path)), plain]
    words += [name for name in map(search_fold, names) if f" {name} " not in f" {plain} "]
    return " ".join(filter(None, words))


_NUMBER = re.compile(r"(?<!\S)(?=[0-9]+[/A-Za-z-])[0-9]{1,7}[A-Za-z]{0,3}(?:[/-][0-9]{1,7}[A-Za-z]{0,2})*/?"
                     r"(?=[.,;:]*(?:\s|$))")


def search_query(text: str) -> str:
    """The words of a search as a PostgreSQL text query, each the beginning of a word, all of them needed; "" for none.

    A house number with alleys or letters (123/45, 123A) is one word; a plain number may be a door, a street, a tổ or a
    khu phố."""
    found: list[str] = []
    for path in (number.rstrip("/") for number in _NUMBER.findall(text)):
        exact, plain = number_words(path)[path.count("/")], fold(path).split()
        found.append(f"({exact} | {plain[0]})" if len(plain) == 1 else exact)
    for word in search_fold(_NUMBER.sub(" ", text)).split():
        found.append(f"(n{word} | {word})" if word.isdigit() else f"{word}:*")
    return " & ".join(dict.fromkeys(found))


def id_hash(number: str, key: bytes) -> bytes:
    """What is kept of a national id besides its last four digits. Twelve digits are guessable: without the key of this
    installation the hash says nothing."""
    return hmac.digest(hmac.digest(key, b"national-id", hashlib.sha256), number.encode("ascii"), hashlib.sha256)


def phone_number(text: str) -> str | None:
    """E.164 of a Vietnamese number as people write it (also without its leading 0); None when it is none."""
    digits = re.sub(r"[\s.\-()]", "", text)
    if re.fullmatch(r"[1-9][0-9]{8}", digits):
        digits = f"0{digits}"
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
