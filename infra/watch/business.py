"""Alarms of the API as clients see it, and of the business."""

from collections.abc import Iterator

from infra.watch.alarms import OWN, Alarm, Series, simple
from infra.watch.levels import API

_GATEWAY = "AWS/ApiGateway"


def business() -> Iterator[Alarm]:
    """All of them."""
    yield from _api()
    yield from _bookings()
    yield from _agreement()
    yield simple(
        "circuit-opened",
        "A service has stopped asking another one, which fails or is slow.",
        "a-circuit-is-open",
        Series(OWN, "CircuitOpened"),
        least=1,
    )
    yield simple(
        "parameter-refused",
        "A value that somebody set in SSM is none, and the last good one counts.",
        "a-parameter-is-refused",
        Series(OWN, "ParameterRefused"),
        least=1,
        seconds=300,
    )


def _api() -> Iterator[Alarm]:
    yield Alarm(
        "api-fails",
        "One answer of the API in a hundred is a 5xx.",
        "the-api-fails",
        {"failed": Series(_GATEWAY, "5XXError", API), "asked": Series(_GATEWAY, "Count", API)},
        least=1,
        times=3,
        expression="IF(asked > 20, 100 * failed / asked, 0)",
    )
    yield simple(
        "api-slow",
        "One answer of the API in a hundred takes longer than 5 seconds.",
        "the-api-is-slow",
        Series(_GATEWAY, "Latency", API, "p99"),
        least=5000,
        times=3,
    )
    yield simple(
        "booking-slow",
        "One booking in a hundred is answered after more than 5 seconds.",
        "the-api-is-slow",
        Series(OWN, "Latency", {"service": "reservation", "route": "POST /reservations"}, "p99"),
        least=5000,
        times=3,
    )


def _bookings() -> Iterator[Alarm]:
    yield simple(
        "outcome-pending",
        "Guests are told again and again that the outcome of their booking is not known yet.",
        "outcomes-are-pending",
        Series(OWN, "Problems", {"service": "reservation", "problem": "outcome-pending"}),
        least=5,
        seconds=300,
    )
    yield Alarm(
        "declines-unusual",
        "More than half of at least ten payments in a quarter of an hour were declined.",
        "payments-are-declined",
        {
            "declined": Series(OWN, "Announced", {"event": "PaymentDeclined"}),
            "approved": Series(OWN, "Announced", {"event": "PaymentApproved"}),
        },
        least=50,
        seconds=900,
        expression=(
            "IF(FILL(declined, 0) + FILL(approved, 0) >= 10, "
            "100 * FILL(declined, 0) / (FILL(declined, 0) + FILL(approved, 0)), 0)"
        ),
    )


def _agreement() -> Iterator[Alarm]:
    found = Series(OWN, "DriftFound")
    yield simple(
        "services-disagree",
        "The reconciler found that services disagree about a booking.",
        "services-disagree",
        found,
        least=1,
        seconds=3600,
    )
    yield Alarm(
        "reconciler-silent",
        "The reconciler, which runs every hour, has said nothing for three.",
        "the-reconciler-is-silent",
        {"said": Series(OWN, "DriftFound", statistic="SampleCount")},
        least=1,
        seconds=3600,
        times=3,
        expression="IF(FILL(said, 0) > 0, 0, 1)",
        if_silent="breaching",
    )
