"""What people read, to the letter: clients and hosts know the sentences."""

import pytest

from chalicelib.message.domain.profile import Language
from chalicelib.message.domain.wording import Kind, sentence, subject

WORDS = {
    (Kind.BOOKED, Language.KOREAN): ("예약 완료", "예약이 완료 되었습니다. 방 번호 : [7]"),
    (Kind.CANCELLED, Language.KOREAN): ("예약 취소", "예약이 취소 되었습니다. 방 번호 : [7]"),
    (Kind.REJECTED, Language.KOREAN): ("예약 거절", "예약이 거절 되었습니다. 방 번호 : [7]"),
    (Kind.EXPIRED, Language.KOREAN): ("예약 만료", "예약이 만료 되었습니다. 방 번호 : [7]"),
    (Kind.REFUNDED, Language.KOREAN): ("환불 완료", "결제가 환불 되었습니다. 방 번호 : [7]"),
    (Kind.BOOKED, Language.ENGLISH): ("Booking confirmed", "The booking is confirmed. Room: [7]"),
    (Kind.CANCELLED, Language.ENGLISH): ("Booking cancelled", "The booking is cancelled. Room: [7]"),
    (Kind.REJECTED, Language.ENGLISH): ("Booking refused", "The booking was refused. Room: [7]"),
    (Kind.EXPIRED, Language.ENGLISH): (
        "Booking expired",
        "The booking was not finished in time and has expired. Room: [7]",
    ),
    (Kind.REFUNDED, Language.ENGLISH): ("Payment refunded", "The payment was refunded. Room: [7]"),
}


@pytest.mark.parametrize(("kind", "language"), WORDS, ids=str)
def test_a_person_reads_these_words(kind: Kind, language: Language) -> None:
    assert (subject(kind, language), sentence(kind, language, "7")) == WORDS[kind, language]
