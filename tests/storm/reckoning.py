"""What must be so once the storm is over: the five promises, and nothing lost that was accepted."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from infra.cloud import LOCAL, cloud_of
from infra.operations.queues import Queues
from infra.operations.redrive import redrive
from tests.chaos.ledger import scanned
from tests.checks import rest
from tests.checks.snapshot import TABLES, Snapshot
from tests.house import House
from tests.storm.load import OwnRoom

_SHOWN = {"desc": "desc", "reviewCnt": "reviewCnt", "rating": "rating"}


def redriven() -> Counter[str]:
    """Puts back whatever lies among the failures: how many from which queue."""
    cloud = cloud_of(LOCAL, None)
    found = {queue: redrive(cloud, queue).put_back for queue in Queues(cloud).of_failures()}
    return Counter({queue: count for queue, count in found.items() if count})


def snapshot(house: House) -> Snapshot:
    """All tables but the view's."""
    return Snapshot.of({name: list(scanned(house, f"staybook-{name}")) for name in TABLES})


def unrest(house: House) -> list[str]:
    """What is not as it must be at rest, or not yet."""
    found = snapshot(house)
    return [*rest.violations(found), *rest.unsettled(found), *_view(house, found), *_waiting(house)]


def _view(house: House, found: Snapshot) -> Iterator[str]:
    parts = [item for item in scanned(house, house.live_view()) if "kind" in item]
    shown = {
        item["rsvId"]["S"]: json.loads(item["facts"]["S"])["status"]
        for item in parts
        if item["kind"]["S"] == "reservation"
    }
    for name, reservation in found.reservations.items():
        if shown.get(name) != reservation["status"]:
            yield f"3: {name} is {reservation['status']}, the view shows {shown.get(name)}"
    for stranger in shown.keys() - found.reservations.keys():
        yield f"3: the view shows {stranger}, which does not exist"


def _waiting(house: House) -> Iterator[str]:
    """Queues that hold something, seen, hidden or delayed."""
    sqs = house.aws("sqs")
    for url in sqs.list_queues(QueueNamePrefix="staybook-")["QueueUrls"]:
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        if waiting := sum(int(counts[name]) for name in counts if name.startswith("ApproximateNumberOf")):
            yield f"3: {waiting} still wait in {url.rsplit('/', 1)[-1]}"


def lost(house: House, rooms: Iterable[OwnRoom]) -> list[str]:
    """Rooms, edits and reviews that were accepted and are not there, in the room service or in the view."""
    with ThreadPoolExecutor(8) as pool:
        return [
            fault for faults in pool.map(lambda room: list(_lost(house, room)), rooms) for fault in faults
        ]


def _lost(house: House, own: OwnRoom) -> Iterator[str]:
    who = house.anybody()
    room, view = who.get(f"/rooms/{own.room_id}"), who.get(f"/roomviews/{own.room_id}")
    if room["desc"] != own.text:
        yield f"room {own.room_id} says {room['desc']!r}, its host was told {own.text!r}"
    reviews = {each["reviewId"] for each in who.items(f"/reviews?roomId={own.room_id}")}
    if reviews != own.reviews or room["reviewCnt"] != len(reviews):
        yield f"room {own.room_id} has reviews {reviews}, counts {room['reviewCnt']}; accepted were {own.reviews}"
    differing = {
        name: (room.get(name), view.get(name)) for name in _SHOWN if room.get(name) != view.get(name)
    }
    if differing:
        yield f"room {own.room_id} and its view differ: {differing}"


def mails(house: House) -> int:
    """How many mails were sent."""
    return len(house.http.get(f"{house.endpoints.aws}/_aws/ses").json()["messages"])


def mailed(found: Snapshot) -> int:
    """How many messages say that they were sent as mail."""
    return sum(message["delivery"] == "sent" for message in found.messages)
