"""One PostgreSQL for the whole run, with a migrated template; tests of the database see it as Django's own role."""
from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from binhan.run import postgres
from binhan.site.environment import Environment, load
from tests.support.stack import Stack, new_stack

TESTS = Path(__file__).parent
LONG_FIRST = ("laws/test_contexts.py", "integration/live", "integration/run/test_turfs.py", "laws/test_ward_walls.py",
              "unit/casework/visits", "integration", "e2e/test_the_field_app_keeps_everything.py",
              "e2e/test_the_whole_loop.py", "e2e/test_the_desk_at_night.py", "e2e")
ONE_SYSTEM = ("tests/integration/live/",)  # folders whose tests share one running system
SHARED = Path(os.environ.get("BINHAN_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick suites first, the browser last; with several workers, what takes long before what does not."""
    for item in items:  # until ten whole runs in a row have needed none: one second try, and the run says so
        if item.path.parent.name in ("stories", "e2e"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=rank)


def rank(item: pytest.Item) -> int:
    """Its place in the run."""
    path = item.path.relative_to(TESTS)
    if hasattr(item.config, "workerinput"):
        return next((n for n, begin in enumerate(LONG_FIRST) if path.is_relative_to(begin)), len(LONG_FIRST))
    return ("unit", "laws", "nouns", "integration", "stories", "e2e").index(path.parts[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Workers take whole files: the tests of one share what it has set up."""
    from xdist.scheduler.loadscope import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return next((folder for folder in ONE_SYSTEM if path.startswith(folder)), path)
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A first try that failed is told whole, also when the second one passed."""
    for report in terminalreporter.stats.get("rerun", ()):
        terminalreporter.section(f"first try of {report.nodeid}")
        terminalreporter.write_line(report.longreprtext[-12_000:])


@pytest.fixture(scope="session", autouse=True)
def _quick_about_what_no_test_is_about() -> None:
    """Passwords are hashed once instead of a million times (that production does is a law), and the country's boundaries
    are read once for each set of wards."""
    from django.conf import settings

    from binhan.commons.places import queries
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # A test is one transaction, and may well think for more than three seconds after it has written to the journal.
    settings.DATABASES["default"]["OPTIONS"]["options"] += " -c binhan.holds_at_most=60s"
    queries._geometries = functools.cache(queries._geometries)


@pytest.fixture(scope="session")
def env() -> Environment:
    """The run's own environment."""
    return load()


@pytest.fixture(scope="session")
def server(env: Environment) -> Iterator[Environment]:
    """A running PostgreSQL with our roles and an empty database."""
    postgres.prepare(env)
    child = postgres.start(env)
    postgres.ensure_roles(env)
    yield env
    postgres.stop_pid(child.pid)
    child.wait()


@pytest.fixture(scope="session")
def django_db_setup(server: Environment, django_db_blocker: object) -> Iterator[None]:
    """Instead of pytest-django's own database: ours, migrated as its owner, with the three sample wards served."""
    from django.db import connections

    from binhan.commons.places.actions import serve_wards
    from binhan.site.database import migrate
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        migrate(server)
        serve_wards(["25888", "25891", "25920"], demo=True)
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections.close_all()


@pytest.fixture
def shared() -> Path:
    """The large test data that lies beside the project; a plain clone does not have it."""
    if not SHARED.is_dir():
        pytest.skip("the large test data (../shared/data) is not here; the small sibling of this test has run")
    return SHARED


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The sample ward, running for real; shared by the stories that leave it whole."""
    running = new_stack().start()
    yield running
    running.stop()


@pytest.fixture
def own_stack() -> Iterator[Stack]:
    """A system of this story's own, which may be broken at will."""
    running = new_stack().start()
    yield running
    running.stop()
