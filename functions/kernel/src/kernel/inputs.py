"""What clients send, read strictly: known fields of the right type, or one clear answer that says where."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from kernel.errors import Invalid, Malformed, Violation
from kernel.words import wire_name

_AT = re.compile(r"(?P<what>.*?)(?: - at `(?P<where>.*)`)?", re.DOTALL)
_FIELD = re.compile(r"Object (?:contains unknown|missing required) field `(?P<name>.*)`")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


class Input(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename=wire_name):
    """Base of every body and query. A field that a client may not set is simply not here."""


def body[T](raw: bytes | str, schema: type[T]) -> T:
    """Decodes a JSON body. Raises Malformed (400) when it is no JSON, Invalid (422) when it is not a `schema`."""
    try:
        return msgspec.json.decode(raw, type=schema)
    except msgspec.ValidationError as error:
        _check_whole(raw)  # the decoder stops at the first fault, which may stand before the JSON breaks off
        raise Invalid("The body is not acceptable.", [_violation(str(error))]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"The body is not JSON: {error}.") from error


def query[T](parameters: Mapping[str, str] | None, schema: type[T]) -> T:
    """Reads query parameters. Raises Invalid (422), its pointers written `?name`."""
    try:
        return msgspec.convert(dict(parameters or {}), schema, strict=False)
    except msgspec.ValidationError as error:
        found = _violation(str(error))
        fault = Violation("?" + found.pointer.removeprefix("/"), found.detail)
        raise Invalid("The query is not acceptable.", [fault]) from error


def record[T](data: Any, schema: type[T]) -> T:
    """Reads what another function of ours sent. Raises msgspec.ValidationError: a fault of ours, not of a client."""
    return msgspec.convert(data, schema)


def idempotency_key(headers: Mapping[str, str]) -> str | None:
    """The key under which a client may send a request again, if it gave one. Raises Malformed for one that is not 1
    to 255 visible ASCII characters.
    """
    key = headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise Malformed("An Idempotency-Key is 1 to 255 visible ASCII characters.")
    return key


def _check_whole(raw: bytes | str) -> None:
    try:
        msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"The body is not JSON: {error}.") from error


def _violation(message: str) -> Violation:
    parts = _AT.fullmatch(message)
    what, where = (parts["what"], parts["where"] or "") if parts else (message, "")
    pointer = "".join(f"/{name or number}" for name, number in _STEP.findall(where.removeprefix("$")))
    if field := _FIELD.fullmatch(what):
        unknown = "unknown" in what
        return Violation(
            f"{pointer}/{field['name']}", "unknown or read-only field" if unknown else "required"
        )
    return Violation(pointer, what[:1].lower() + what[1:])
