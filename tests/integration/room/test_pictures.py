"""One contract for the store of pictures, kept by the fake and by S3 alike."""

import base64
import json

import boto3
import pytest

from chalicelib.room.adapters.pictures import S3Pictures
from chalicelib.room.domain.photo import Picture
from chalicelib.room.ports import Pictures
from tests.fakes.room import InMemoryPictures
from tests.tables import REGION

BUCKET = "staybook-photos-000000000000-ap-northeast-2"
PNG = b"\x89PNG\r\n\x1a\n and the rest of it, which nobody looks at when it is kept"


class Store:
    """The port under test, and an uploader that does what a browser's form does."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures

    def upload(self, room_id: str, photo_id: str, content: bytes) -> None:
        if isinstance(self.pictures, InMemoryPictures):
            self.pictures.incoming[room_id, photo_id] = content
            return
        form = self.pictures.upload_form(room_id, photo_id, "image/png")
        s3 = boto3.client("s3", region_name=REGION)
        s3.put_object(Bucket=BUCKET, Key=form.fields["key"], Body=content, ContentType="text/plain")


@pytest.fixture(params=["in memory", "S3"])
def shop(request: pytest.FixtureRequest) -> Store:
    if request.param == "in memory":
        return Store(InMemoryPictures())
    request.getfixturevalue("store")
    boto3.client("s3", region_name=REGION).create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
    )
    return Store(S3Pictures(BUCKET))


def test_what_was_not_uploaded_is_not_there(shop: Store) -> None:
    assert shop.pictures.uploaded("ROOM", "PHOTO") is None
    assert shop.pictures.get("ROOM", "PHOTO") is None


def test_an_upload_is_served_once_it_is_kept_as_what_it_is(shop: Store) -> None:
    shop.upload("ROOM", "PHOTO", PNG)
    assert shop.pictures.uploaded("ROOM", "PHOTO") == PNG[:32]
    assert shop.pictures.get("ROOM", "PHOTO") is None
    shop.pictures.keep("ROOM", "PHOTO", "image/png")
    assert shop.pictures.get("ROOM", "PHOTO") == Picture(PNG, "image/png")


def test_a_removed_picture_is_gone_and_removing_it_again_is_no_fault(shop: Store) -> None:
    shop.upload("ROOM", "PHOTO", PNG)
    shop.pictures.keep("ROOM", "PHOTO", "image/png")
    shop.pictures.remove("ROOM", "PHOTO")
    shop.pictures.remove("ROOM", "PHOTO")
    assert shop.pictures.get("ROOM", "PHOTO") is None


def test_a_room_that_goes_takes_its_pictures_and_uploads_along_and_nobody_elses(shop: Store) -> None:
    for room_id, photo_id in (("ROOM", "ONE"), ("ROOM", "TWO"), ("ROOM2", "ONE")):
        shop.upload(room_id, photo_id, PNG)
        shop.pictures.keep(room_id, photo_id, "image/png")
    shop.pictures.erase("ROOM")
    shop.pictures.erase("ROOM")
    for photo_id in ("ONE", "TWO"):
        assert shop.pictures.get("ROOM", photo_id) is None
        assert shop.pictures.uploaded("ROOM", photo_id) is None
    assert shop.pictures.get("ROOM2", "ONE") == Picture(PNG, "image/png")
    assert shop.pictures.uploaded("ROOM2", "ONE") == PNG[:32]


@pytest.mark.usefixtures("store")
def test_the_form_binds_type_and_size() -> None:

    form = S3Pictures(BUCKET).upload_form("ROOM", "PHOTO", "image/webp")
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    assert {"Content-Type": "image/webp"} in policy["conditions"]
    assert ["content-length-range", 1, 2 << 20] in policy["conditions"]
    assert {"key": "incoming/ROOM/PHOTO"} in policy["conditions"]
