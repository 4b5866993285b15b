"""python -m bench.desk_ground WARD: a duty officer of that ward of the measured system; prints the token."""
from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhan.site.settings")

import django  # noqa: E402 - after the environment

django.setup()

from binhan.commons.access.actions import grant_role, issue_token  # noqa: E402 - as above
from binhan.commons.access.scope import ward_scope  # noqa: E402 - as above
from binhan.commons.people.actions import create_account  # noqa: E402 - as above
from binhan.kernel.ids import new_id  # noqa: E402 - as above


def officer(ward: int) -> str:
    """The API token of a new account with a desk's rights there."""
    with ward_scope([ward], "bench"):
        account = create_account(f"bench-desk-{new_id().hex[-6:]}", "Đo bàn trực", new_id().hex)
        grant_role(ward, account, "desk_officer", "bench")
        return issue_token(account, "bench", (ward,))[1]


if __name__ == "__main__":
    print(officer(int(sys.argv[1])))
