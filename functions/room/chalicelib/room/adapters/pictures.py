"""Pictures in S3: uploads wait below `incoming/` for a day, kept ones lie below `rooms/`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.room.domain.photo import LARGEST_BYTES, Picture, UploadForm
from kernel import aws
from kernel.errors import Unavailable

_UPLOAD_SECONDS = 300
_ENOUGH_TO_KNOW = "bytes=0-31"
_ABSENT = {"NoSuchKey", "404"}


class S3Pictures:
    """The port `Pictures`."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def upload_form(self, room_id: str, photo_id: str, content_type: str) -> UploadForm:
        with _answering():
            form = _client().generate_presigned_post(
                self._bucket,
                _incoming(room_id, photo_id),
                Fields={"Content-Type": content_type},
                Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, LARGEST_BYTES]],
                ExpiresIn=_UPLOAD_SECONDS,
            )
        return UploadForm(form["url"], form["fields"])

    def uploaded(self, room_id: str, photo_id: str) -> bytes | None:
        found = self._read(_incoming(room_id, photo_id), Range=_ENOUGH_TO_KNOW)
        return found.content if found else None

    def keep(self, room_id: str, photo_id: str, content_type: str) -> None:
        with _answering():
            _client().copy_object(
                Bucket=self._bucket,
                Key=_kept(room_id, photo_id),
                CopySource={"Bucket": self._bucket, "Key": _incoming(room_id, photo_id)},
                MetadataDirective="REPLACE",
                ContentType=content_type,
            )

    def get(self, room_id: str, photo_id: str) -> Picture | None:
        return self._read(_kept(room_id, photo_id))

    def remove(self, room_id: str, photo_id: str) -> None:
        with _answering():
            _client().delete_object(Bucket=self._bucket, Key=_kept(room_id, photo_id))

    def erase(self, room_id: str) -> None:
        for folder in (_kept(room_id, ""), _incoming(room_id, "")):
            while self._erase_some(folder):
                continue

    def _erase_some(self, folder: str) -> bool:
        """Takes up to a thousand objects away; whether there are more."""
        with _answering():
            found = _client().list_objects_v2(Bucket=self._bucket, Prefix=folder)
            keys = [{"Key": each["Key"]} for each in found.get("Contents", ())]
            refused = self._delete(keys) if keys else []
        if refused:
            raise Unavailable(f"The store of pictures keeps {refused[0]['Key']}: {refused[0]['Code']}.")
        return bool(found.get("IsTruncated"))

    def _delete(self, keys: list[dict[str, str]]) -> list[dict[str, str]]:
        reply = _client().delete_objects(Bucket=self._bucket, Delete={"Objects": keys, "Quiet": True})
        errors: list[dict[str, str]] = reply.get("Errors", [])
        return errors

    def _read(self, key: str, **options: str) -> Picture | None:
        try:
            with _answering():
                found = _client().get_object(Bucket=self._bucket, Key=key, **options)
                return Picture(found["Body"].read(), found["ContentType"])
        except Unavailable as error:
            if _is_absent(error.__cause__):
                return None
            raise


@contextmanager
def _answering() -> Iterator[None]:
    """Around calls of the store of pictures. Raises Unavailable when it did not answer."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise Unavailable("The store of pictures does not answer just now.") from error


def _is_absent(error: BaseException | None) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _ABSENT


def _client() -> Any:
    return aws.client("s3", attempts=2, signature="s3v4")


def _incoming(room_id: str, photo_id: str) -> str:
    return f"incoming/{room_id}/{photo_id}"


def _kept(room_id: str, photo_id: str) -> str:
    return f"rooms/{room_id}/{photo_id}"
