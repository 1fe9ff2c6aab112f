"""Hosts show their rooms. A file goes straight to the store of pictures; here it is asked for, kept and taken away."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.room.domain import room as domain
from chalicelib.room.domain.photo import Picture, UploadForm, type_of
from chalicelib.room.domain.room import Room
from chalicelib.room.errors import (
    NoPicture,
    NotUploaded,
    PhotoNotFound,
    RoomNotFound,
    TooManyPhotos,
)
from chalicelib.room.ports import Pictures, Rooms, Transition
from chalicelib.room.usecases.rooms import existing_room, own_room
from kernel.clock import Clock
from kernel.deciding import until_written
from kernel.errors import ChangedMeanwhile
from kernel.identity import Caller
from kernel.ids import is_id, new_id

_ATTEMPTS = 5  # several photos of one room may come at once


@dataclass(frozen=True, slots=True)
class Prepared:
    """A photo to be, and how to upload it."""

    photo_id: str
    form: UploadForm


def prepare_photo(
    host: Caller, room_id: str, content_type: str, *, rooms: Rooms, pictures: Pictures
) -> Prepared:
    """Raises RoomNotFound, NotYourRoom, TooManyPhotos."""
    room = own_room(host, room_id, rooms)
    if room.is_full_of_photos:
        raise TooManyPhotos
    photo_id = new_id()
    return Prepared(photo_id, pictures.upload_form(room_id, photo_id, content_type))


def keep_photo(
    host: Caller, room_id: str, photo_id: str, *, rooms: Rooms, pictures: Pictures, clock: Clock
) -> None:
    """Shows what was uploaded as the room's last photo; a photo that is shown already stays as it is. Raises
    RoomNotFound, NotYourRoom, NotUploaded, NoPicture, TooManyPhotos, ChangedMeanwhile.
    """
    room = own_room(host, room_id, rooms)
    if photo_id in room.photos:
        return
    start = pictures.uploaded(room_id, photo_id) if is_id(photo_id) else None
    if start is None:
        raise NotUploaded
    content_type = type_of(start)
    if content_type is None:
        raise NoPicture("It is neither a JPEG, a PNG nor a WebP file.")
    pictures.keep(room_id, photo_id, content_type)
    try:
        _change(host, room_id, lambda present: domain.add_photo(present, photo_id, clock()), rooms, clock)
    except RoomNotFound:
        pictures.remove(room_id, photo_id)  # it went meanwhile, perhaps after its pictures had been erased
        raise


def remove_photo(
    host: Caller, room_id: str, photo_id: str, *, rooms: Rooms, pictures: Pictures, clock: Clock
) -> None:
    """Raises RoomNotFound, NotYourRoom, PhotoNotFound, ChangedMeanwhile."""
    if photo_id not in own_room(host, room_id, rooms).photos:
        raise PhotoNotFound
    _change(host, room_id, lambda present: domain.remove_photo(present, photo_id, clock()), rooms, clock)
    pictures.remove(room_id, photo_id)


def erase_photos(room_id: str, *, pictures: Pictures) -> None:
    """Of a room that has gone: nothing of it stays in the store of pictures."""
    pictures.erase(room_id)


def list_photos(room_id: str, *, rooms: Rooms) -> tuple[str, ...]:
    """The room's photos, the first its cover. Raises RoomNotFound."""
    return existing_room(room_id, rooms).photos


def read_photo(room_id: str, photo_id: str, *, pictures: Pictures) -> Picture:
    """Raises PhotoNotFound."""
    found = pictures.get(room_id, photo_id) if is_id(room_id) and is_id(photo_id) else None
    if found is None:
        raise PhotoNotFound
    return found


def _change(
    host: Caller, room_id: str, change: Callable[[Room], domain.Change], rooms: Rooms, clock: Clock
) -> None:
    def attempt() -> None:
        before = own_room(host, room_id, rooms)
        after, events = change(before)
        if after != before:
            rooms.save(Transition(before, after, events), clock())

    quickly = ChangedMeanwhile("This room is changing quickly; try again.")
    until_written(attempt, attempts=_ATTEMPTS, otherwise=quickly)
