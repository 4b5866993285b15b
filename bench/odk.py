"""A running ODK Central to be measured in turn: told by its address, a project, a form of thirty questions that is
published there, and a token of whoever may submit to it. How it is set up is its own documentation's."""
from __future__ import annotations

import argparse
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.system import http
from binhan.kernel.ids import new_id

# One process, OpenRosa, 50 clients, the same form and answers; measured on 30/11/2026 on two cores of another machine.
EARLIER = 293.0
BOUNDARY = "binhan-bench"


@dataclass(frozen=True, slots=True)
class Odk:
    """Where it answers, and where submissions go."""

    host: str
    port: int
    project: str
    form: str
    token: str

    def submission(self, answers: str) -> bytes:
        """One submission as a data-collecting app sends it (OpenRosa): the same answers under an id of their own."""
        xml = answers.replace("uuid:x", f"uuid:{new_id()}").replace('id="ba_muoi"', f'id="{self.form}"', 1)
        body = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="s.xml"\r\n'
                f"Content-Type: text/xml\r\n\r\n{xml}\r\n--{BOUNDARY}--\r\n").encode()
        return http("POST", f"/v1/projects/{self.project}/submission", body,
                    f"Authorization: Bearer {self.token}\r\nX-OpenRosa-Version: 1.0\r\n",
                    f"multipart/form-data; boundary={BOUNDARY}")


def add_options(asked: argparse.ArgumentParser) -> None:
    """What says where ODK Central runs."""
    asked.add_argument("--odk", metavar="URL", help="visits: a running ODK Central (http://address:port), measured in turn")
    asked.add_argument("--odk-project", metavar="ID", default="1", help="the project there")
    asked.add_argument("--odk-form", metavar="ID", default="ba_muoi", help="the form's id there; its version is 1")
    asked.add_argument("--odk-token", metavar="TOKEN", default="", help="a bearer token that may submit to it")


def chosen(options: argparse.Namespace) -> Odk | None:
    """The one that was told, if any."""
    if not options.odk:
        return None
    parts = urlsplit(options.odk)
    return Odk(parts.hostname or "127.0.0.1", parts.port or 80, options.odk_project, options.odk_form, options.odk_token)
