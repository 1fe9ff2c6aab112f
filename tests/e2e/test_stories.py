"""A booking can be followed across the services, and the services are held against each other."""

from infra.cloud import LOCAL, cloud_of
from infra.operations.reconcile import reconcile
from infra.operations.story import Moment, shown, story
from kernel.ids import new_id
from tests.house import House
from tests.waiting import eventually

SERVICES = {"room", "reservation", "payment", "message"}


def test_the_story_of_a_booking_names_its_requests_and_causes(house: House) -> None:
    host, guest = house.person(f"host-{new_id()}", "host"), house.person(f"guest-{new_id()}")
    room_id = host.lists_room()["roomId"]
    body, asked = {"roomId": room_id}, {"Idempotency_Key": new_id(), "X_Correlation_Id": f"story-{new_id()}"}
    booked = guest.insist("POST", "/reservations", body, **asked)
    assert (booked.status_code, booked.headers["X-Correlation-Id"]) == (201, asked["X_Correlation_Id"])
    reservation_id = booked.json()["rsvId"]
    cancelling = {"X_Correlation_Id": f"cancel-{new_id()}"}
    guest.insist("PATCH", f"/reservations/{reservation_id}", {"status": "reqCancel"}, **cancelling)
    cloud = cloud_of(LOCAL, None)

    def whole() -> list[Moment]:
        told = story(cloud, reservation_id)
        assert told_by(told, "PaymentCancelled")
        assert {each.where.split("-")[0] for each in told if heard(each)} >= SERVICES
        return told

    told = eventually(whole, within=120, what="the whole story")
    assert told == sorted(told, key=lambda each: each.at)
    assert {each.story for each in told} == {asked["X_Correlation_Id"], cancelling["X_Correlation_Id"]}
    for event_type in ("ReservationCreated", "PaymentApproved", "RoomReserved", "ReservationConfirmed"):
        (moment,) = told_by(told, event_type)
        assert (moment.because, moment.story) == ("the request", asked["X_Correlation_Id"])
    (cancelled,) = told_by(told, "ReservationCancelled")
    assert cancelled.because == f"{reservation_id}:3:1"
    assert all(each.story == cancelling["X_Correlation_Id"] for each in told_by(told, "PaymentCancelled"))
    assert story(cloud, booked.json()["payId"])[0].story == asked["X_Correlation_Id"]
    assert shown(told).splitlines()[0].split()[:3] == ["TIME", "(UTC)", "AFTER"]


def test_a_night_that_a_booking_lost_is_found_by_the_deployed_reconciler(house: House) -> None:
    host, guest = house.person(f"host-{new_id()}", "host"), house.person(f"guest-{new_id()}")
    booked = guest.books(host.lists_room()["roomId"], new_id()).json()
    night = booked["checkIn"]
    key = {"pk": {"S": booked["roomId"]}, "sk": {"S": f"nights#{night[:7]}"}}
    tables = house.aws("dynamodb")
    before = tables.get_item(TableName="staybook-room", Key=key)["Item"]
    tables.update_item(TableName="staybook-room", Key=key, UpdateExpression=f"REMOVE d{night[8:]}")
    looked_at, found, repaired = reconcile(cloud_of(LOCAL, None))
    assert looked_at > 0
    assert found["nights-lost"] == 1
    assert repaired["nights-lost"] == 0
    tables.put_item(TableName="staybook-room", Item=before)
    assert reconcile(cloud_of(LOCAL, None))[1]["nights-lost"] == 0


def told_by(told: list[Moment], event_type: str) -> list[Moment]:
    return [each for each in told if each.what.startswith(f"{event_type} ")]


def heard(each: Moment) -> bool:
    """Whether a function says that it heard or answered something."""
    return each.what.startswith(". ")
