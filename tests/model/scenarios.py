"""What is explored: scenarios, rules left out, rules broken."""

from tests.model.state import Scenario

A, B = 0, 1
ONE, OTHER, TWO = (0,), (1,), (0, 1)
ALONE, PAIR = {(A, 1): ONE}, {(A, 1): ONE, (B, 1): ONE}
SCENARIOS = (
    Scenario(
        "sent once, lost reply, crash, late provider",
        (0,),
        ALONE,
        ((A, 1),),
        (A,),
        1,
        1,
        0,
        ("approved", "declined", "processing"),
    ),
    Scenario("sent twice, crash", (0,), ALONE, ((A, 1),) * 2, (A,), 1, 0, 0),
    Scenario("sent twice, delivered twice", (0,), ALONE, ((A, 1),) * 2, (A,), 0, 0, 1, ("approved",)),
    Scenario("sent twice, lost reply", (0,), ALONE, ((A, 1),) * 2, (), 0, 1, 0),
    Scenario(
        "sent with another body",
        (0,),
        {(A, 1): ONE, (A, 2): OTHER},
        ((A, 1), (A, 2)),
        (A,),
        1,
        0,
        0,
        ("approved",),
    ),
    Scenario(
        "two keys of one guest, limit 1",
        (0, 0),
        {(A, 1): ONE, (B, 1): OTHER},
        ((A, 1), (A, 1), (B, 1)),
        (),
        0,
        0,
        0,
        limit=1,
        whole_money=True,
    ),
    Scenario(
        "two guests, one night, cancelled", (0, 1), PAIR, ((A, 1), (B, 1)), (A,), 0, 0, 0, whole_money=True
    ),
    Scenario("two guests, one night, crash", (0, 1), PAIR, ((A, 1), (B, 1)), (), 1, 0, 0, whole_money=True),
    Scenario(
        "two guests, one sends twice", (0, 1), PAIR, ((A, 1), (A, 1), (B, 1)), (), 0, 0, 0, whole_money=True
    ),
    Scenario(
        "two guests, two nights and one",
        (0, 1),
        {(A, 1): TWO, (B, 1): OTHER},
        ((A, 1), (B, 1)),
        (A,),
        0,
        0,
        0,
        whole_money=True,
    ),
    Scenario("two guests, old clocks", (0, 1), PAIR, ((A, 1), (B, 1)), (), 0, 0, 0, whole_money=True, lag=1),
    Scenario(
        "two guests, one night, lost reply", (0, 1), PAIR, ((A, 1), (B, 1)), (), 0, 1, 0, whole_money=True
    ),
    Scenario("the room is closed", (0,), ALONE, ((A, 1),) * 2, (A,), 1, 0, 0, ("approved",), closings=1),
    Scenario("a fee is kept", (0,), ALONE, ((A, 1),), (A,), 1, 1, 0, ("approved",), fees=True),
)
HOLES = (  # section 5 read without an amendment; the amendment is part of the protocol above
    "void trusts an unknown charge",  # void cancels the charge at the provider under payId, then refunds
    "void waits for an unknown charge",  # the same
    "claims are not refused after expiresAt",  # a claim also requires :until > :now
    "settlement takes completed for ended",  # "ended" is rejected, expired, cancelled
    "the guest's map keeps ended bookings",  # a terminal transition takes the booking off the map, one transaction
)
MUTANTS = (
    "check then act",
    "a claim without the owner clause",
    "a claim takes any claim",
    "a claim weakens a booked night",
    "confirm without booking",
    "confirm without payment",
    "release without owner",
    "a request frees nights itself after a failed step",
    "an expiry ignores the state",
    "a void forgets absent payments",
    "a settlement skips ended reservations",
    "limit is judged before exists",
    "confirm ignores the state",
    "book without owner",
    "the provider is called before pending is stored",
    "a claim ignores that the room is closed",
    "closing looks first and closes later",
    "a booking that never stood leaves a fee",
    "the fee is decided when the money goes back",
    "book ignores expiry, claims are not refused after expiresAt, a dead claim may stay",  # either rule is enough
)
