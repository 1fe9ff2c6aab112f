"""Profiles in DynamoDB."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.message.adapters.items import PROFILE, SOURCE, ProfileItem, profile_item, profile_of
from chalicelib.message.domain.profile import Profile
from kernel import outbox
from kernel.dynamo import conditional, reading, still
from kernel.events import Aggregate, Event, announce


class DynamoProfiles:
    """The port `Profiles`."""

    def get(self, person_id: str) -> Profile | None:
        with reading():
            try:
                return profile_of(ProfileItem.get(person_id, PROFILE, consistent_read=True))
            except ProfileItem.DoesNotExist:
                return None

    def save(self, before: Profile | None, after: Profile) -> None:
        _save(before, profile_item(after))

    def erase(self, before: Profile | None, after: Profile, events: Sequence[Event], at: datetime) -> None:
        announced = announce(Aggregate(SOURCE, after.person_id), after.version, events, at)
        _save(before, profile_item(after, outbox.append((), announced)))


def _save(before: Profile | None, item: ProfileItem) -> None:
    with conditional():
        item.save(condition=still(ProfileItem.version, before))
