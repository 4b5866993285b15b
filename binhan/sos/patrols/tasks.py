"""What the sweepers do for patrols: days for new tracks are made ahead, old tracks are deleted on schedule."""
from __future__ import annotations

from binhan.sos.patrols.actions import keep_tracks

LOOK_EVERY_S = 3600.0
AGAIN_S = 60.0


def look() -> float | None:
    """One look; sooner again where the tracks were in use."""
    return None if keep_tracks() else AGAIN_S
