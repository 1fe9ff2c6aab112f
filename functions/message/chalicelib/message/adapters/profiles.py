"""Profiles in DynamoDB."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.message.adapters.items import PROFILE, SOURCE, ProfileItem, profile_item, profile_of
from chalicelib.message.domain.profile import Profile
from kernel import outbox
from kernel.dynamo import ConditionFailedError, conditional, reading
from kernel.errors import ChangedMeanwhile
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
    version = ProfileItem.version
    still = version.does_not_exist() if before is None else version == before.version
    try:
        with conditional():
            item.save(condition=still)
    except ConditionFailedError as error:
        raise ChangedMeanwhile from error
