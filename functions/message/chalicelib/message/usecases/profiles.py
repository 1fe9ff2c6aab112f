"""A person's own profile: made of what their token says when they first look, theirs to change from then on."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.message.domain.profile import Profile, Wanted, changed
from chalicelib.message.errors import ChangingQuickly
from chalicelib.message.ports import Profiles
from kernel.deciding import until_written

_ATTEMPTS = 5
Guard = Callable[[Profile], None]


def own_profile(first: Profile, *, profiles: Profiles) -> Profile:
    """The person's profile; `first`, their token's words, when there is none yet."""
    return until_written(lambda: _own(first, profiles), attempts=_ATTEMPTS, otherwise=ChangingQuickly())


def change_profile(first: Profile, wanted: Wanted, guard: Guard, *, profiles: Profiles) -> Profile:
    """The profile as wanted. `guard` is shown the present one and raises when the client meant another."""

    def attempt() -> Profile:
        present = _own(first, profiles)
        guard(present)
        after = changed(present, wanted)
        if after != present:
            profiles.save(present, after)
        return after

    return until_written(attempt, attempts=_ATTEMPTS, otherwise=ChangingQuickly())


def _own(first: Profile, profiles: Profiles) -> Profile:
    if present := profiles.get(first.person_id):
        return present
    made = replace(first, version=1)
    profiles.save(None, made)
    return made
