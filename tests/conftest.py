"""One PostgreSQL for the whole run, with a migrated template; tests of the database see it as Django's own role."""
from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from binhan.run import postgres
from binhan.site.environment import Environment, load
from tests.support.stack import Stack, new_stack

SHARED = Path(os.environ.get("BINHAN_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first; the browser last."""
    order = {"unit": 0, "laws": 1, "integration": 2, "stories": 3, "e2e": 4}
    for item in items:  # real processes and a real browser on a busy machine: one second try, and the run says so
        if item.path.parent.name in ("stories", "e2e"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda i: order.get(i.path.relative_to(Path(__file__).parent).parts[0], 9))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A first try that failed is told whole, also when the second one passed."""
    for report in terminalreporter.stats.get("rerun", ()):
        terminalreporter.section(f"first try of {report.nodeid}")
        terminalreporter.write_line(report.longreprtext[-12_000:])


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
