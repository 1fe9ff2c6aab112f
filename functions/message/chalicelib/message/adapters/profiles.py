"""Profiles in DynamoDB."""

from chalicelib.message.adapters.items import PROFILE, ProfileItem, profile_item, profile_of
from chalicelib.message.domain.profile import Profile
from kernel.dynamo import ConditionFailedError, conditional, reading


class DynamoProfiles:
    """The port `Profiles`."""

    def get(self, person_id: str) -> Profile | None:
        with reading():
            try:
                return profile_of(ProfileItem.get(person_id, PROFILE, consistent_read=True))
            except ProfileItem.DoesNotExist:
                return None

    def save(self, before: Profile | None, after: Profile) -> bool:
        version = ProfileItem.version
        still = version.does_not_exist() if before is None else version == before.version
        try:
            with conditional():
                profile_item(after).save(condition=still)
        except ConditionFailedError:
            return False
        return True
