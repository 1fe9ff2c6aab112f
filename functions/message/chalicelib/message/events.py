"""What the message service announces."""

from kernel.events import Event


class PersonErased(Event, frozen=True, kw_only=True):
    """A person had their data erased: whoever keeps their words or means of payment forgets them and keeps the id."""

    person_id: str
