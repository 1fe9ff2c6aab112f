"""How a person wishes to be addressed and reached."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Language(StrEnum):
    KOREAN = "ko"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """`email` is None for a person who is reached on the screen only. `version` counts the writes; 0: never stored."""

    person_id: str
    language: Language
    name: str = ""
    email: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person may say of themselves."""

    name: str
    email: str | None
    language: Language


def changed(profile: Profile, wanted: Wanted) -> Profile:
    """As wanted, a version later; the same when nothing is new."""
    after = replace(profile, name=wanted.name, email=wanted.email, language=wanted.language)
    return profile if after == profile else replace(after, version=profile.version + 1)
