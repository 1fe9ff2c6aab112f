"""How a person wishes to be addressed and reached."""

from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.message.events import PersonErased
from kernel.events import Event


class Language(StrEnum):
    KOREAN = "ko"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """`email` is None for a person who is reached on the screen only. `version` counts the writes; 0: never stored.
    `erased`: the person had it emptied, and nobody but themselves fills it again.
    """

    person_id: str
    language: Language
    name: str = ""
    email: str | None = None
    version: int = 0
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person may say of themselves."""

    name: str
    email: str | None
    language: Language


def changed(profile: Profile, wanted: Wanted) -> Profile:
    """As wanted, a version later; the same when nothing is new."""
    after = replace(profile, name=wanted.name, email=wanted.email, language=wanted.language, erased=False)
    return profile if after == profile else replace(after, version=profile.version + 1)


def erased(profile: Profile, language: Language) -> tuple[Profile, tuple[Event, ...]]:
    """What stays of it: an empty profile, so that neither a token nor an event that was under way brings it back. The
    same, and nothing to announce, when it was erased before. `language` is the house's.
    """
    if profile.erased:
        return profile, ()
    empty = Profile(person_id=profile.person_id, language=language, version=profile.version + 1, erased=True)
    return empty, (PersonErased(person_id=profile.person_id),)
