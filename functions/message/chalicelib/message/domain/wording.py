"""What a person reads, in each language. The first two Korean sentences are as old as the system: clients know them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from chalicelib.message.domain.profile import Language


class Kind(StrEnum):
    """What became of a reservation."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REFUNDED = "refunded"


_SUBJECTS: Mapping[Language, Mapping[Kind, str]] = MappingProxyType(
    {
        Language.KOREAN: {
            Kind.BOOKED: "예약 완료",
            Kind.CANCELLED: "예약 취소",
            Kind.REJECTED: "예약 거절",
            Kind.EXPIRED: "예약 만료",
            Kind.REFUNDED: "환불 완료",
        },
        Language.ENGLISH: {
            Kind.BOOKED: "Booking confirmed",
            Kind.CANCELLED: "Booking cancelled",
            Kind.REJECTED: "Booking refused",
            Kind.EXPIRED: "Booking expired",
            Kind.REFUNDED: "Payment refunded",
        },
    }
)
_SENTENCES: Mapping[Language, Mapping[Kind, str]] = MappingProxyType(
    {
        Language.KOREAN: {
            Kind.BOOKED: "예약이 완료 되었습니다. 방 번호 : [{}]",
            Kind.CANCELLED: "예약이 취소 되었습니다. 방 번호 : [{}]",
            Kind.REJECTED: "예약이 거절 되었습니다. 방 번호 : [{}]",
            Kind.EXPIRED: "예약이 만료 되었습니다. 방 번호 : [{}]",
            Kind.REFUNDED: "결제가 환불 되었습니다. 방 번호 : [{}]",
        },
        Language.ENGLISH: {
            Kind.BOOKED: "The booking is confirmed. Room: [{}]",
            Kind.CANCELLED: "The booking is cancelled. Room: [{}]",
            Kind.REJECTED: "The booking was refused. Room: [{}]",
            Kind.EXPIRED: "The booking was not finished in time and has expired. Room: [{}]",
            Kind.REFUNDED: "The payment was refunded. Room: [{}]",
        },
    }
)


def subject(kind: Kind, language: Language) -> str:
    """A few words, as over a letter."""
    return _SUBJECTS[language][kind]


def sentence(kind: Kind, language: Language, room_id: str) -> str:
    """The message itself."""
    return _SENTENCES[language][kind].format(room_id)
