"""The front door: the API at the root of its own port, and a crowd that is served in order or told to come again."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest

from tests.engine.engines import Engine
from tests.engine.stacks import REGION, wait_until

ECHO = """
import json, time
def handler(event, context):
    time.sleep(float((event.get("queryStringParameters") or {}).get("seconds", 0)))
    shown = {key: event.get(key) for key in ("path", "httpMethod", "multiValueQueryStringParameters", "body")}
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(shown)}
"""


def deploy(engine: Engine) -> str:
    """Deploys an API with the id that the front door serves; returns the name of its one function."""
    name, client = engine.function(ECHO), engine.client("apigateway")
    function = f"arn:aws:lambda:{REGION}:000000000000:function:{name}"
    invocation = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
    api = client.create_rest_api(name="staybook", tags={"_custom_id_": "staybook"})["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    proxy = client.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"]
    for resource in (root, proxy):
        client.put_method(restApiId=api, resourceId=resource, httpMethod="ANY", authorizationType="NONE")
        client.put_integration(
            restApiId=api,
            resourceId=resource,
            httpMethod="ANY",
            type="AWS_PROXY",
            integrationHttpMethod="POST",
            uri=invocation,
        )
    client.create_deployment(restApiId=api, stageName="v1")
    return name


@pytest.fixture(scope="module")
def open_door(engine: Engine) -> Iterator[Engine]:
    """The engine with an API behind its front door."""
    deploy(engine)
    yield engine
    engine.client("apigateway").delete_rest_api(restApiId="staybook")


def get(engine: Engine, path: str) -> httpx.Response:
    return httpx.get(engine.gateway + path, timeout=60)


def raw(engine: Engine, target: str) -> str:
    """Sends a request whose path is exactly these characters; returns the whole answer."""
    with socket.create_connection(("127.0.0.1", engine.gateway_port)) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        parts = iter(lambda: connection.recv(65536), b"")
        return b"".join(parts).decode()


@pytest.mark.parametrize(
    "path", ["/", "/rooms", "/rooms/a%2Fb%20c", "/v1/v1x", "/rooms//x/", "/_staybook/faults"]
)
def test_a_path_arrives_as_it_was_sent_without_api_and_stage(open_door: Engine, path: str) -> None:
    answer = raw(open_door, path)
    assert "200 OK" in answer.splitlines()[0]
    assert f'"path": "{path}"' in answer


def test_every_value_of_a_query_arrives(open_door: Engine) -> None:
    answer = get(open_door, "/rooms?a=1&a=2&b=%ED%95%9C")
    assert answer.json()["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": ["한"]}
    assert answer.headers["x-amzn-requestid"]


def test_a_body_arrives(open_door: Engine) -> None:
    answer = httpx.post(f"{open_door.gateway}/rooms", json={"name": "한옥"})
    assert answer.json()["body"] == '{"name":"한옥"}'


def test_a_body_beyond_the_limit_is_refused(open_door: Engine) -> None:
    answer = httpx.post(f"{open_door.gateway}/rooms", content=b"x" * (10 * 1024 * 1024 + 1), timeout=60)
    assert_refused(answer, 413, "too-large")


def assert_refused(answer: httpx.Response, status: int, kind: str) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["status"]) == (f"/problems/{kind}", status)
    assert problem["correlationId"] == answer.headers["x-correlation-id"]
    assert all(problem[member] for member in ("title", "detail", "instance"))


@pytest.mark.parametrize("size", [10_240, 100_000])
def test_headers_beyond_the_limit_are_refused(open_door: Engine, size: int) -> None:
    answer = httpx.get(f"{open_door.gateway}/rooms", headers={"X-Large": "x" * size})
    assert_refused(answer, 413, "too-large")


def test_an_address_beyond_the_limit_is_refused(open_door: Engine) -> None:
    assert_refused(get(open_door, f"/rooms?x={'x' * 20_000}"), 413, "too-large")


def test_a_method_that_no_api_takes_is_refused(open_door: Engine) -> None:
    answer = httpx.request("TRACE", f"{open_door.gateway}/rooms")
    assert_refused(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


def test_a_crowd_is_served_in_turn(open_door: Engine) -> None:
    with ThreadPoolExecutor(30) as crowd:
        answers = list(crowd.map(lambda number: get(open_door, f"/rooms?number={number}"), range(60)))
    assert {answer.status_code for answer in answers} == {200}


def fill(
    engine: Engine, crowd: ThreadPoolExecutor, count: int, seconds: float
) -> list[Future[httpx.Response]]:
    return [crowd.submit(get, engine, f"/slow?seconds={seconds}") for _ in range(count)]


def test_who_waits_too_long_is_asked_to_come_again(open_door: Engine) -> None:
    with ThreadPoolExecutor(6) as crowd:
        answers = [one.result() for one in fill(open_door, crowd, 6, seconds=4)]
    served = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert (len(served), len(refused)) == (2, 4)
    for answer in refused:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["x-amzn-requestid"]
        assert int(answer.headers["retry-after"]) > 0
        assert_refused(answer, 503, "unavailable")


def test_a_crowd_at_the_door_does_not_slow_the_aws_port(open_door: Engine) -> None:
    table, client = open_door.table(), open_door.client("dynamodb")
    with ThreadPoolExecutor(40) as crowd:
        waiting = fill(open_door, crowd, 40, seconds=1.5)
        wait_until(lambda: any(one.running() for one in waiting), "the crowd is there")
        for number in range(10):
            client.put_item(TableName=table, Item={"pk": {"S": str(number)}, "sk": {"S": "it"}})
        assert not all(one.done() for one in waiting), "the crowd went first"
        for one in waiting:
            one.result()


def test_who_leaves_the_line_takes_no_place_in_it(open_door: Engine) -> None:
    with ThreadPoolExecutor(3) as crowd:
        busy = fill(open_door, crowd, 2, seconds=1)
        for _ in range(20):
            with pytest.raises(httpx.ReadTimeout):
                httpx.get(f"{open_door.gateway}/slow?seconds=1", timeout=0.02)
        assert get(open_door, "/rooms").status_code == 200
        assert [one.result().status_code for one in busy] == [200, 200]
