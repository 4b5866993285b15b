"""Every browser test starts from a calm ward and leaves no window open; one that fails says what each window showed."""
from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import calm, what_is_shown
from tests.support.stack import Stack


@pytest.fixture(autouse=True)
def _calm_ward(request: pytest.FixtureRequest) -> None:
    """Nothing of an earlier test, or of this one's first try, is under way."""
    if "stack" in request.fixturenames:
        calm(request.getfixturevalue("stack"))


@pytest.fixture(autouse=True)
def _windows_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test opened is closed, also when it failed: a patrol's phone left on would go on answering."""
    browser: Browser | None = request.getfixturevalue("browser") if "browser" in request.fixturenames else None
    yield
    for its in browser.contexts if browser else ():
        its.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """While the windows of a failed test are still open: what they show goes into its message."""
    try:
        return (yield)
    except Exception as error:
        given = getattr(item, "funcargs", {})
        if isinstance(given.get("browser"), Browser):
            stack = given.get("stack") or given.get("own_stack")
            error.add_note(what_is_shown(given["browser"], stack if isinstance(stack, Stack) else None))
        raise
