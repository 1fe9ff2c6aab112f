"""Under which of its own ids a provider keeps a charge of ours."""

from chalicelib.payment.adapters.items import ReferenceItem
from kernel.dynamo import conditional, reading
from kernel.errors import ChangedMeanwhile, Unavailable


class References:
    """In the provider's table. The first reference that is stored for a key is the key's for ever."""

    def find(self, key: str) -> str | None:
        with reading():
            try:
                return ReferenceItem.get(key, consistent_read=True).reference
            except ReferenceItem.DoesNotExist:
                return None

    def put(self, key: str, reference: str) -> str:
        """Stores it if the key has none; the one that it has then."""
        try:
            with conditional():
                ReferenceItem(key, reference=reference).save(condition=ReferenceItem.key.does_not_exist())
        except ChangedMeanwhile:
            found = self.find(key)
            if found is None:
                raise Unavailable("The reference was there a moment ago.") from None
            return found
        return reference
