"""The only writers of the household register: registering and correcting, and the changes that can be undone."""
from __future__ import annotations

from binhan.casework.households.actions.changes import (
    NewHousehold,
    merge_households,
    merge_people,
    move_household,
    move_people,
    split_household,
    undo_change,
)
from binhan.casework.households.actions.corrections import correct_dwellings
from binhan.casework.households.actions.register import (
    Basis,
    Entries,
    Whereabouts,
    change_person,
    close_dwelling,
    dwelling_of,
    end_household,
    erase_person,
    person_of,
    register,
    remove_demo,
)

__all__ = ["Basis", "Entries", "NewHousehold", "Whereabouts", "change_person", "close_dwelling", "correct_dwellings",
           "dwelling_of", "end_household", "erase_person", "merge_households", "merge_people", "move_household",
           "move_people", "person_of", "register", "remove_demo", "split_household", "undo_change"]
