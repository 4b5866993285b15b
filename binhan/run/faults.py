"""What stands in the way, in one sentence: for everything that a person starts."""
from __future__ import annotations

import sys
from collections.abc import Callable

import psycopg

from binhan.kernel.errors import Problem
from binhan.run.lock import CannotStart
from binhan.site.environment import EnvironmentProblem


def exit_code(job: Callable[[], int | None]) -> int:
    """0 (or the job's own code) when it did what it was asked, 1 with a sentence when it could not."""
    try:
        return int(job() or 0)
    except (EnvironmentProblem, CannotStart) as error:
        print(error, file=sys.stderr)
    except OSError as error:  # a full disk, a folder without rights, a file that is not there
        print(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "), file=sys.stderr)
    except psycopg.Error as error:  # a server that goes away in the middle, a right that is missing
        print(f"PostgreSQL: {str(error).strip()}", file=sys.stderr)
    except Problem as problem:
        print(f"{problem.vi} / {problem.en}", file=sys.stderr)
    return 1
