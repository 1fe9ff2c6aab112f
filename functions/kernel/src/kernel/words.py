"""Where the language of the code and the language of the wire meet.

Python spells names out (`reservation_id`); the wire keeps the names that clients already know (`rsvId`).
"""

_SPELLED_OTHERWISE = {
    "reservation_id": "rsvId",
    "payment_id": "payId",
    "message_id": "msgId",
    "description": "desc",
    "review_count": "reviewCnt",
    "reservation_status": "rsvStatus",
    "payment_status": "payStatus",
}


def wire_name(python_name: str) -> str:
    """Fits msgspec's `rename`.

    >>> wire_name("reservation_id"), wire_name("check_in")
    ('rsvId', 'checkIn')
    """
    if python_name in _SPELLED_OTHERWISE:
        return _SPELLED_OTHERWISE[python_name]
    first, *rest = python_name.split("_")
    return first + "".join(word.capitalize() for word in rest)
