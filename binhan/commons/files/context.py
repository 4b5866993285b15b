"""What this context brings: photos, voice notes and sketches; what they may belong to, each context says itself."""
from __future__ import annotations

from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.clocks.tasks import Paced
from binhan.commons.context import Context
from binhan.commons.files.api import router
from binhan.commons.files.tasks import LOOK_EVERY_S, Housekeeping
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.commons.files",
    name=Words("Tệp", "Files"),
    routers=(router,),
    sweeps={"files": Paced(LOOK_EVERY_S, Housekeeping().look)},
    policies=(
        PolicySpec("files.photo_most", "n", Words("Tệp: số byte một ảnh", "Files: bytes of a photo")),
        PolicySpec("files.voice_most", "n", Words("Tệp: số byte một ghi âm", "Files: bytes of a voice note")),
        PolicySpec("files.sketch_most", "n", Words("Tệp: số byte một hình vẽ", "Files: bytes of a sketch")),
        PolicySpec("files.ward_per_day", "n",
                   Words("Tệp: số byte cả phường gửi một ngày", "Files: bytes of a ward in a day")),
        PolicySpec("files.member_per_day", "n",
                   Words("Tệp: số byte một người gửi một ngày", "Files: bytes of a person in a day")),
        PolicySpec("files.unattached_within", "s",
                   Words("Tệp: giữ tệp chưa gắn trong", "Files: keep what belongs to nothing for")),
        PolicySpec("files.keep_within", "s", Words("Tệp: giữ trong", "Files: keep for")),
    ),
)
