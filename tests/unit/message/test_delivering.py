"""A stored message is sent at least once, and twice only when a process dies between sending and noting it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.message.adapters.couriers import Braked, SesCourier
from chalicelib.message.domain.message import Delivery, Message, message_to
from chalicelib.message.domain.profile import Language, Profile
from chalicelib.message.errors import BeingDelivered, NotDelivered
from chalicelib.message.ports import Mail
from chalicelib.message.usecases.delivering import CLAIM, deliver
from infra.layout import TEMPLATES
from infra.template_files import read_template
from tests.unit.message.conftest import House
from tests.unit.message.test_messages import happening

NOW = datetime(2026, 12, 24, 3, 5, tzinfo=UTC)
MINA = Profile(person_id="mina", language=Language.KOREAN, email="mina@example.com", version=1)


@pytest.fixture
def message(house: House) -> Message:
    house.profiles.kept["mina"] = MINA
    return house.messages.put(message_to(MINA, happening()))


def send(house: House, message: Message, now: datetime = NOW) -> None:
    deliver(
        message.message_id,
        messages=house.messages,
        profiles=house.profiles,
        courier=house.courier,
        clock=lambda: now,
    )


def delivery(house: House, message: Message) -> Delivery:
    return house.messages.kept[message.message_id].delivery


def test_it_is_sent_as_it_was_written(house: House, message: Message) -> None:
    send(house, message)
    mail = Mail(
        message.message_id, "mina@example.com", "예약 완료", "예약이 완료 되었습니다. 방 번호 : [ROOM]"
    )
    assert house.courier.carried == [mail]
    assert delivery(house, message) is Delivery.SENT


def test_what_is_sent_is_not_sent_again(house: House, message: Message) -> None:
    send(house, message)
    send(house, message)
    assert len(house.courier.carried) == 1


def test_a_refused_mail_is_sent_at_the_next_try(house: House, message: Message) -> None:
    house.courier.refusals = 1
    with pytest.raises(NotDelivered):
        send(house, message)
    assert delivery(house, message) is Delivery.PENDING
    send(house, message)
    assert len(house.courier.carried) == 1


def test_while_one_sends_no_other_does(house: House, message: Message) -> None:
    house.messages.claim(message.message_id, NOW, NOW + CLAIM)
    with pytest.raises(BeingDelivered):
        send(house, message, NOW + CLAIM)
    assert house.courier.carried == []


def test_who_sends_has_the_message_for_as_long_as_sending_may_take(
    house: House, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry = house.courier.send

    def meanwhile(mail: Mail) -> None:
        with pytest.raises(BeingDelivered):
            send(house, message, NOW + CLAIM)
        carry(mail)

    monkeypatch.setattr(house.courier, "send", meanwhile)
    send(house, message)
    assert len(house.courier.carried) == 1


def test_what_a_dead_process_may_have_sent_is_sent_when_its_claim_is_over(
    house: House, message: Message
) -> None:
    house.messages.claim(message.message_id, NOW, NOW + CLAIM)
    send(house, message, NOW + CLAIM + timedelta(seconds=1))
    assert len(house.courier.carried) == 1


@pytest.mark.parametrize("gone", [None, replace(MINA, email=None)])
def test_who_took_their_address_out_is_not_written_to(
    house: House, message: Message, gone: Profile | None
) -> None:
    house.profiles.kept.pop("mina")
    if gone:
        house.profiles.kept["mina"] = gone
    send(house, message)
    assert house.courier.carried == []
    assert delivery(house, message) is Delivery.NONE


def test_the_present_address_is_written_to(house: House, message: Message) -> None:
    house.profiles.kept["mina"] = replace(MINA, email="new@example.com")
    send(house, message)
    assert house.courier.carried[0].address == "new@example.com"


def test_a_message_that_is_gone_is_nobodys_mail(house: House, message: Message) -> None:
    house.messages.kept.clear()
    send(house, message)
    assert house.courier.carried == []


def test_a_claim_outlives_its_sender_and_ends_before_the_next_try() -> None:
    resources = read_template(TEMPLATES / "message.yaml")["Resources"]
    longest = resources["Delivery"]["Properties"]["Timeout"]
    pause = resources["DeliveryQueue"]["Properties"]["VisibilityTimeout"]
    assert longest < CLAIM.total_seconds() < pause


class QuotingSes:
    """Fails as SES does: with the address in its words."""

    def send_email(self, **_: object) -> None:
        from botocore.exceptions import ClientError

        words = "Email address is not verified. The following identities failed the check: mina@example.com"
        raise ClientError({"Error": {"Code": "MessageRejected", "Message": words}}, "SendEmail")


def test_an_address_is_in_no_error() -> None:
    with pytest.raises(NotDelivered) as refused:
        SesCourier(QuotingSes(), "messages@staybook.example").send(Mail("M1", "mina@example.com", "s", "c"))
    assert str(refused.value) == "M1: MessageRejected"
    assert refused.value.__suppress_context__


def test_no_mail_goes_while_the_operator_says_so_and_it_goes_afterwards(house: House) -> None:
    sends = [False, True]
    braked = Braked(house.courier, lambda: sends.pop(0))
    mail = Mail("message", "mina@example.com", "subject", "content")
    with pytest.raises(NotDelivered):
        braked.send(mail)
    assert house.courier.carried == []
    braked.send(mail)
    assert house.courier.carried == [mail]
