"""Who may do what: written from the policy, never from what the services answer.

- Rooms, their rates, photos and reviews, and what is free, are everybody's to read; so are the page and the API's
  document.
- Every write, and every read of a person's data, is for who is signed in.
- A room, with its rates, blocks and photos, is changed by its host; a review by the guest who wrote it, after a stay of
  their own; a message is marked by whom it was written to, and by nobody for them.
- A booking and its payment are seen by its guest and its host, and cancelled by either.
- An admin may do what the owner may, but neither stay for a guest nor read for them.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """What each of five people is answered. `guest` booked the room, reviewed it and was told of it; `host` has it;
    `stranger` is somebody else who is signed in.
    """

    guest: int
    host: int
    stranger: int
    anonymous: int
    admin: int


PEOPLE = Row._fields
EVERYBODY = Row(200, 200, 200, 200, 200)
SIGNED_IN = Row(200, 200, 200, 401, 200)
HOSTS = Row(403, 200, 403, 401, 200)
AUTHORS = Row(200, 403, 403, 401, 200)
PARTIES = Row(200, 200, 403, 401, 200)


def _instead(row: Row, good: int) -> Row:
    return Row(*(good if status == 200 else status for status in row))


POLICY: dict[str, Row] = {
    "registerRoom": _instead(SIGNED_IN, 201),
    "listRooms": EVERYBODY,
    "readRoom": EVERYBODY,
    "replaceRoom": HOSTS,
    "modifyRoom": HOSTS,
    "deleteRoom": _instead(HOSTS, 204),
    "readRates": EVERYBODY,
    "setRates": HOSTS,
    "quote": EVERYBODY,
    "blockNights": _instead(HOSTS, 201),
    "listBlocks": HOSTS,
    "unblockNights": _instead(HOSTS, 204),
    "preparePhoto": HOSTS,
    "listPhotos": EVERYBODY,
    "keepPhoto": HOSTS,
    "readPhoto": EVERYBODY,
    "removePhoto": _instead(HOSTS, 204),
    "createReview": Row(201, 403, 403, 401, 403),
    "listReviews": EVERYBODY,
    "readReview": EVERYBODY,
    "modifyReview": AUTHORS,
    "deleteReview": _instead(AUTHORS, 204),
    "check": EVERYBODY,
    "makeReservation": _instead(SIGNED_IN, 201),
    "listReservations": SIGNED_IN,
    "readReservation": PARTIES,
    "cancelReservation": PARTIES,
    "readRefund": PARTIES,
    "listPayments": SIGNED_IN,
    "readPayment": PARTIES,
    "hearStripe": Row(400, 400, 400, 400, 400),  # whoever they are: it takes Stripe's signature
    "listMessages": SIGNED_IN,
    "readMessage": AUTHORS,
    "markMessage": Row(200, 403, 403, 401, 403),
    "readProfile": SIGNED_IN,
    "replaceProfile": SIGNED_IN,
    "exportPersonalData": SIGNED_IN,
    "erasePersonalData": Row(409, 409, 204, 401, 204),  # in whose name nothing stands
    "showPage": EVERYBODY,
    "showAsset": EVERYBODY,
    "showConfig": EVERYBODY,
    "showDocument": EVERYBODY,
    "showReference": EVERYBODY,
    "listViews": EVERYBODY,
    "readView": EVERYBODY,
    "findByReservation": PARTIES,
    "findByPayment": PARTIES,
    "healthRoom": EVERYBODY,
    "healthReservation": EVERYBODY,
    "healthPayment": EVERYBODY,
    "healthMessage": EVERYBODY,
    "healthViewpage": EVERYBODY,
}
"""By the name of the operation. Each is asked about the guest's booking and the host's room."""
