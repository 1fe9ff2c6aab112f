"""Photos of rooms, as clients see them."""

from typing import Any

import pytest

from chalicelib.room.domain.photo import MOST_OF_A_ROOM, type_of
from kernel.ids import new_id
from tests.deliveries import queued, told
from tests.doors import Answer, knock, load_app
from tests.unit.room.conftest import House
from tests.unit.room.test_doors import registered

JPEG = b"\xff\xd8\xff\xe0 and so on, for as long as a file may be"


def ask(method: str, room_id: str, photo_id: str | None = None, **more: Any) -> Answer:
    if photo_id is None:
        return knock("room", method, "/rooms/{room_id}/photos", path={"room_id": room_id}, **more)
    path = {"room_id": room_id, "photo_id": photo_id}
    return knock("room", method, "/rooms/{room_id}/photos/{photo_id}", path=path, **more)


@pytest.fixture
def room_id(house: House) -> str:
    made: str = registered().body["roomId"]
    return made


def prepared(room_id: str, user: str = "mina") -> Answer:
    return ask("POST", room_id, user=user, body={"contentType": "image/jpeg"})


def uploaded(house: House, room_id: str, content: bytes = JPEG) -> str:
    photo_id: str = prepared(room_id).body["photoId"]
    house.pictures.incoming[room_id, photo_id] = content
    return photo_id


def kept(house: House, room_id: str) -> str:
    photo_id = uploaded(house, room_id)
    assert ask("PUT", room_id, photo_id, user="mina").status == 200
    return photo_id


def test_the_host_gets_a_form_to_upload_with(room_id: str) -> None:
    answer = prepared(room_id)
    assert answer.status == 200
    assert answer.body["upload"]["fields"]["Content-Type"] == "image/jpeg"
    assert answer.body["_links"]["self"]["href"] == f"/rooms/{room_id}/photos/{answer.body['photoId']}"


def test_nobody_else_does(house: House, room_id: str) -> None:
    photo_id = kept(house, room_id)
    assert prepared(room_id, user="jun").status == 403
    assert ask("PUT", room_id, photo_id, user="jun").status == 403
    assert ask("DELETE", room_id, photo_id, user="jun").status == 403


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", "image/gif", ""])
def test_other_types_are_refused(room_id: str, content_type: str) -> None:
    assert ask("POST", room_id, user="mina", body={"contentType": content_type}).status == 422


def test_a_kept_photo_is_shown_and_served_for_good(house: House, room_id: str) -> None:
    photo_id = kept(house, room_id)
    assert [each["photoId"] for each in ask("GET", room_id).body["_embedded"]["photos"]] == [photo_id]
    answer = ask("GET", room_id, photo_id)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = ask("GET", room_id, photo_id, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304
    assert ask("GET", room_id, photo_id, headers={"If-None-Match": "*"}).status == 304


def test_what_is_no_photo_is_not_unchanged(room_id: str) -> None:
    assert ask("GET", room_id, "0", headers={"If-None-Match": "*"}).status == 404


def test_keeping_it_again_changes_nothing(house: House, room_id: str) -> None:
    photo_id = kept(house, room_id)
    before = house.announced()
    assert ask("PUT", room_id, photo_id, user="mina").status == 200
    assert house.announced() == before == ["RoomRegistered", "RoomModified"]


def test_nothing_is_shown_before_it_is_uploaded(room_id: str) -> None:
    photo_id = prepared(room_id).body["photoId"]
    answer = ask("PUT", room_id, photo_id, user="mina")
    assert (answer.status, answer.body["type"]) == (409, "/problems/not-uploaded")


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'>", b"GIF89a", b"", b"RIFF....WAVE"]
)
def test_a_file_that_is_no_picture_is_not_shown(house: House, room_id: str, content: bytes) -> None:
    photo_id = uploaded(house, room_id, content or b"x")
    answer = ask("PUT", room_id, photo_id, user="mina")
    assert (answer.status, answer.body["type"]) == (422, "/problems/no-picture")
    assert ask("GET", room_id, photo_id).status == 404


def test_a_removed_photo_is_gone(house: House, room_id: str) -> None:
    photo_id = kept(house, room_id)
    assert ask("DELETE", room_id, photo_id, user="mina").status == 204
    assert ask("GET", room_id, photo_id).status == 404
    assert ask("DELETE", room_id, photo_id, user="mina").status == 404
    assert ask("GET", room_id).body["_embedded"]["photos"] == []


def test_a_room_has_so_many_photos_and_no_more(house: House, room_id: str) -> None:
    late = uploaded(house, room_id)
    for _ in range(MOST_OF_A_ROOM):
        kept(house, room_id)
    assert prepared(room_id).body["type"] == "/problems/too-many-photos"
    assert ask("PUT", room_id, late, user="mina").body["type"] == "/problems/too-many-photos"


@pytest.mark.parametrize("photo_id", ["nothing", "..", "../secret"])
def test_a_name_that_is_no_id_names_nothing(room_id: str, photo_id: str) -> None:
    assert ask("GET", room_id, photo_id).status == 404


@pytest.mark.parametrize(("room_id", "photo_id"), [("..", new_id()), (new_id(), "..")])
def test_the_store_of_pictures_is_asked_for_ids_alone(
    house: House, room_id: str, photo_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.pictures, "get", None)
    assert ask("GET", room_id, photo_id).status == 404


def test_a_file_shows_its_type_whatever_it_is_called() -> None:
    assert type_of(JPEG) == "image/jpeg"
    assert type_of(b"\x89PNG\r\n\x1a\n....") == "image/png"
    assert type_of(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"


def test_the_pictures_of_a_room_that_has_gone_are_erased(house: House, room_id: str) -> None:
    photo_id = kept(house, room_id)
    assert knock("room", "DELETE", "/rooms/{room_id}", path={"room_id": room_id}, user="mina").status == 204
    gone = told("RoomDeleted", room_id, 3, {"roomId": room_id, "hostId": "mina"}, source="staybook.room")
    assert load_app("room").consumer(queued(gone), None) == {"batchItemFailures": []}
    assert (house.pictures.kept, house.pictures.incoming) == ({}, {})
    assert ask("GET", room_id, photo_id).status == 404


def test_a_picture_that_is_kept_while_its_room_goes_does_not_stay(
    house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo_id, keep = uploaded(house, room_id), house.pictures.keep

    def keep_too_late(*about: str) -> None:
        knock("room", "DELETE", "/rooms/{room_id}", path={"room_id": room_id}, user="mina")
        house.pictures.erase(room_id)
        house.pictures.incoming[room_id, photo_id] = JPEG
        keep(*about)

    monkeypatch.setattr(house.pictures, "keep", keep_too_late)
    assert ask("PUT", room_id, photo_id, user="mina").status == 404
    assert house.pictures.kept == {}
