"""A person's own profile: made of what their token says when they first look, theirs to change from then on."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.message.domain.profile import Profile, Wanted, changed
from chalicelib.message.errors import ChangingQuickly
from chalicelib.message.ports import Profiles

_ATTEMPTS = 5
Guard = Callable[[Profile], None]


def own_profile(first: Profile, *, profiles: Profiles) -> Profile:
    """The person's profile; `first`, their token's words, when there is none yet."""
    if present := profiles.get(first.person_id):
        return present
    made = replace(first, version=1)
    if profiles.save(None, made):
        return made
    if present := profiles.get(first.person_id):
        return present
    raise ChangingQuickly


def change_profile(first: Profile, wanted: Wanted, guard: Guard, *, profiles: Profiles) -> Profile:
    """The profile as wanted. `guard` is shown the present one and raises when the client meant another."""
    for _ in range(_ATTEMPTS):
        present = own_profile(first, profiles=profiles)
        guard(present)
        after = changed(present, wanted)
        if after == present or profiles.save(present, after):
            return after
    raise ChangingQuickly
