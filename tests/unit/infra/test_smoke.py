"""What the walk through a stage takes for well, and what not."""

import httpx

from infra.deployment.smoke import Walk, everything

WELL = {(each.method, each.path, each.signed_in): each for each in everything()}


def answered(request: httpx.Request, *, ill: str = "") -> httpx.Response:
    """A stage that answers as it should, but for one path."""
    if request.url.path == ill:
        return httpx.Response(500, json={"title": "Something went wrong"})
    signed_in = "Authorization" in request.headers
    expected = (
        WELL.get((request.method, request.url.path, signed_in))
        or WELL[request.method, request.url.path, False]
    )
    body = {"release": "red", "version": "7"}
    return httpx.Response(expected.status, headers={"Content-Type": expected.media_type}, json=body)


def walk(token: str | None = "token", ill: str = "") -> Walk:
    transport = httpx.MockTransport(lambda request: answered(request, ill=ill))
    made = Walk(httpx.Client(transport=transport, base_url="https://stage.example"), token, lambda _: None)
    made.go()
    return made


def test_a_stage_that_is_well_passes() -> None:
    assert walk().wrong == []


def test_what_is_wrong_is_named_with_its_answer() -> None:
    (wrong,) = walk(ill="/health/payment").wrong
    assert wrong.startswith("GET /health/payment: 500")
    assert "Something went wrong" in wrong


def test_an_answer_of_another_kind_is_wrong() -> None:
    plain = httpx.MockTransport(lambda _: httpx.Response(200, text="it works"))
    made = Walk(httpx.Client(transport=plain, base_url="https://stage.example"), None)
    made.go()
    assert len(made.wrong) == len([each for each in everything() if not each.signed_in])


def test_who_asks_to_come_again_is_asked_again() -> None:
    busy = iter([httpx.Response(503, json={})])
    transport = httpx.MockTransport(lambda request: next(busy, None) or answered(request))
    pauses: list[float] = []
    made = Walk(httpx.Client(transport=transport, base_url="https://stage.example"), None, pauses.append)
    made.go()
    assert made.wrong == []
    assert pauses == [1.0]
