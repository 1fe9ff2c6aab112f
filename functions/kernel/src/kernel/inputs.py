"""What clients send, read strictly: known fields of the right type, or one clear answer that says where."""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from unicodedata import normalize

import msgspec

from kernel.errors import Invalid, Malformed, TooLarge, Violation
from kernel.money import Money
from kernel.words import wire_name

_AT = re.compile(r"(?P<what>.*?)(?: - at `(?P<where>.*)`)?", re.DOTALL)
_FIELD = re.compile(r"Object (?:contains unknown|missing required) field `(?P<name>.*)`")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
LARGEST_BODY = 128 * 1024  # bytes; the largest that is acceptable, a hundred seasons, has half of them
_LEFT_OUT = "leave it out to ask for any"
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")

END = r"$(?!\n)"
"""The end of a pattern: to Python a `$` alone is also before a last line's end, to JSON Schema it is not."""

Cursor = Annotated[str, msgspec.Meta(min_length=1, max_length=1024, pattern=rf"^[A-Za-z0-9_-]+{END}")]
"""Where a list goes on, as its `_links.next` says."""


class Input(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename=wire_name):
    """Base of every body and query. A field that a client may not set is simply not here."""


class Price(Input, frozen=True, kw_only=True):
    """In minor units of its currency."""

    amount: Annotated[int, msgspec.Meta(ge=0, le=10_000_000_000)]
    currency: Annotated[str, msgspec.Meta(pattern=f"^[A-Z]{{3}}{END}")]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


def body[T](raw: bytes | str, schema: type[T]) -> T:
    """Decodes a JSON body. Raises Malformed (400) when it is no JSON, TooLarge (413) beyond what any body needs,
    Invalid (422) when it is not a `schema`.
    """
    if len(raw) > LARGEST_BODY:
        raise TooLarge(f"A body has at most {LARGEST_BODY} bytes.")
    if not _is_plain(raw):
        return _read_again(raw, schema)
    try:
        return msgspec.json.decode(raw, type=schema)
    except msgspec.ValidationError:
        return _read_again(raw, schema)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"The body is not JSON: {error}.") from error


def query[T](parameters: Mapping[str, str] | None, schema: type[T]) -> T:
    """Reads query parameters. Raises Invalid (422), its pointers written `?name`."""
    given: dict[str, str] = _clean(dict(parameters or {}))
    try:
        asked = msgspec.convert(given, schema, strict=False)
    except msgspec.ValidationError as error:
        found = _violation(str(error))
        fault = Violation("?" + found.pointer.removeprefix("/"), found.detail)
        raise Invalid("The query is not acceptable.", [fault]) from error
    if nothing := [name for name, value in given.items() if _reads_as_nothing(schema, name, value)]:
        raise Invalid("The query is not acceptable.", [Violation(f"?{name}", _LEFT_OUT) for name in nothing])
    return asked


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


def _reads_as_nothing(schema: type, name: str, value: str) -> bool:
    """Whether the decoder takes this text for None: it would answer as if nothing had been asked."""
    field = next(each for each in msgspec.structs.fields(schema) if each.encode_name == name)
    return value.lower() == "null" and msgspec.convert(value, field.type, strict=False) is None


def _read_again[T](raw: bytes | str, schema: type[T]) -> T:
    """The decoder stops at the first fault, which may stand before the JSON breaks off, and to it 2.0 is not 2."""
    try:
        return msgspec.convert(_clean(msgspec.json.decode(raw)), schema)
    except msgspec.ValidationError as error:
        raise Invalid("The body is not acceptable.", [_violation(str(error))]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"The body is not JSON: {error}.") from error


def _is_plain(raw: bytes | str) -> bool:
    """Whether it is written in letters of which each has one way to be written."""
    written = raw if isinstance(raw, bytes) else raw.encode()
    return written.isascii() and rb"\u" not in written


def _clean(value: Any) -> Any:
    """The same, written one way: letters that Unicode knows several ways to write are composed (NFC), and 2.0 is 2, for
    JSON has one kind of number.
    """
    match value:
        case str():
            return normalize("NFC", value)
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_clean(each) for each in value]
        case dict():
            return {name: _clean(each) for name, each in value.items()}
    return value


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
