"""What a million bookings cost, by service."""

from bench.accounting.meter import Meter
from bench.scale.demand import Assumptions, seconds_at_work

_BYTES_OF_AN_EVENT = 900
_GIGABYTE = 2**30


def of_a_million(alone: Meter, burst: Meter, bookings: int, given: Assumptions) -> dict[str, float]:
    """Dollars. Units, events and requests of one booking `alone`; invocations and queue requests as in a `burst` of so
    many, when batches are full.
    """
    prices, shape = given["prices"], given["shape"]
    invocations = (burst.synchronous.total() + burst.asynchronous.total()) / bookings
    queued = burst.queue_requests.total() / bookings
    logged = invocations * shape["log_lines"] * shape["log_bytes"] * 1e6 / _GIGABYTE
    archived = alone.events.total() * _BYTES_OF_AN_EVENT * 1e6 / _GIGABYTE
    return {
        "DynamoDB, written": alone.written * prices["write_units"],
        "DynamoDB, read": alone.read * prices["read_units"],
        "Lambda, requests": invocations * prices["lambda_requests"],
        "Lambda, time": seconds_at_work(alone, given)
        * shape["function_gigabytes"]
        * prices["lambda_gigabyte_seconds"],
        "API Gateway": prices["gateway_requests"],
        "EventBridge": alone.events.total() * prices["events"],
        "its archive": archived * prices["archive_gigabytes"],
        "SQS": queued * prices["queue_requests"],
        "CloudWatch Logs": logged * prices["log_gigabytes"],
    }
