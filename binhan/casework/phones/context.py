"""What this context brings: the teams' phones."""
from __future__ import annotations

from binhan.casework.phones.actions.devices import chase_device
from binhan.casework.phones.api import routers
from binhan.casework.phones.lifecycle import DEVICE
from binhan.casework.phones.urls import urlpatterns
from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.context import Context, Tab
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.casework.phones",
    name=Words("Máy đi thăm", "Field phones"),
    lifecycles=(DEVICE,),
    routers=routers,
    urls=urlpatterns,
    clocks={("device", "miss"): chase_device, ("device", "chase"): chase_device},
    policies=(
        PolicySpec("field.documents_max", "n", Words("Máy đi thăm: số mục một máy mang", "Field phone: documents")),
        PolicySpec("field.turfs_max", "n", Words("Máy đi thăm: số cụm một máy mang", "Field phone: turfs")),
        PolicySpec("field.bytes_max", "n", Words("Máy đi thăm: số byte một máy mang", "Field phone: bytes")),
        PolicySpec("field.pin_digits", "n", Words("Máy đi thăm: số chữ số của mã PIN", "Field phone: digits of a PIN")),
        PolicySpec("field.pin_tries", "n", Words("Máy đi thăm: số lần thử PIN", "Field phone: tries of a PIN")),
        PolicySpec("field.idle_lock", "s", Words("Máy đi thăm: tự khóa sau", "Field phone: locks itself after")),
        PolicySpec("field.token_within", "s", Words("Máy đi thăm: đăng nhập lại sau", "Field phone: sign in again after")),
        PolicySpec("field.unheard_within", "s",
                   Words("Máy đi thăm: báo mất liên lạc sau", "Field phone: not heard of for")),
        PolicySpec("field.wipe_within", "s", Words("Máy đi thăm: nhắc chờ tự xóa sau", "Field phone: not wiped after")),
        PolicySpec("field.keep_receipts", "s", Words("Máy đi thăm: giữ lời đáp trong", "Field phone: keep answers for")),
    ),
    tabs=(
        Tab("phones", Words("Máy của tổ", "Phones"),
            Words("Máy nào đang dùng, xóa từ xa", "Which are in use, wipe"), 80, "casework",
            roles=frozenset({"administrator"})),
    ),
)
