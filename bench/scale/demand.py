"""What one booking takes, from the counted scene; and what many a second take of each thing that has a limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.accounting.meter import Meter

Assumptions = Mapping[str, Mapping[str, Any]]
_OF_A_ROOM = {"room": ("nights", "room", "stay"), "viewpage": ("row", "part")}
_CONSUMERS = ("room-consumer", "message-consumer", "reservation-consumer", "reservation-settlement")
_VIEWED = ("room", "reservation", "payment")  # whose streams the view reads
_CONSUMERS_AT_ONCE = 10  # MaximumConcurrency of every consumer's queue
_DELIVERIES_AT_ONCE = 5


@dataclass(frozen=True)
class Limit:
    """Something of which there is so much: `demand` is what one booking takes, `most` what there is in a second."""

    name: str
    demand: float
    most: float
    remedy: str

    @property
    def bookings(self) -> float:
        """So many a second, and no more."""
        return self.most / self.demand if self.demand else float("inf")


def limits(meter: Meter, given: Assumptions) -> list[Limit]:
    """All that a city's bookings share, the scarcest first; one room's own limits are apart."""
    parts = (_tables, _services, _queues, _streams)
    found = [limit for part in parts for limit in part(meter, given) if limit.demand]
    return sorted(found, key=lambda limit: limit.bookings)


def of_one_room(meter: Meter, given: Assumptions) -> list[Limit]:
    """What only bookings of one room share: its partitions."""
    most = given["limits"]["partition_write_units"]
    return [
        Limit(
            f"one room's partition of the {table} table",
            _written(meter, table, kinds),
            most,
            "nothing: a room sells so many nights a second and has 365 of them",
        )
        for table, kinds in _OF_A_ROOM.items()
    ]


def _tables(meter: Meter, given: Assumptions) -> list[Limit]:
    tables = sorted({line.what.partition(" ")[0] for line in meter.lines})
    most = given["limits"]["table_write_units"]
    found = [
        Limit(f"the {table} table", _written(meter, table), most, "raise the table's quota on request")
        for table in tables
    ]
    due = sum(line.written for line in meter.lines if line.operation == "index due")
    spread = given["shape"]["due_shards"] * given["limits"]["partition_write_units"]
    return [*found, Limit("the index of what is due", due, spread, "spread it over more shards")]


def _services(meter: Meter, given: Assumptions) -> list[Limit]:
    quotas = given["limits"]
    delivered = meter.queue_requests["sent by the bus"]
    return [
        Limit("PutEvents", meter.events.total(), quotas["put_events"], "raise the quota on request"),
        Limit("rules of the bus", delivered, quotas["rule_invocations"], "raise the quota on request"),
        Limit("the gateway", 1, quotas["gateway_requests"], "raise the quota on request"),
        Limit(
            "environments of Lambda",
            seconds_at_work(meter, given),
            quotas["lambda_concurrency"],
            "raise the quota on request; a booking holds one environment while it waits for two others",
        ),
    ]


def _queues(meter: Meter, given: Assumptions) -> list[Limit]:
    remedy = "raise MaximumConcurrency of its event source"
    found = [
        Limit(f"the queue of {name}", _seconds(meter, name, given), _CONSUMERS_AT_ONCE, remedy)
        for name in _CONSUMERS
    ]
    mail = 2 * (given["shape"]["handler_milliseconds"] + 5 * given["shape"]["call_milliseconds"]) / 1_000
    return [
        *found,
        Limit("the queue of mails, two a booking", mail, _DELIVERIES_AT_ONCE, remedy),
        Limit("SES, two mails a booking", 2, given["limits"]["mails"], "raise the sending quota on request"),
    ]


def _streams(meter: Meter, given: Assumptions) -> list[Limit]:
    """A shard's records are read one batch after the other; as they come, a booking's in a batch of their own."""
    remedy = "raise ParallelizationFactor, 10 at the most; a table's shards grow with what it writes"
    shards = given["shape"]["shards"]
    projected = _seconds(meter, "viewpage-projector", given) / len(_VIEWED)
    relayed = max(_seconds(meter, f"{service}-relay", given) for service in _VIEWED)
    return [
        Limit("the view's reading of a stream", projected, shards, remedy),
        Limit("a relay's reading of its stream", relayed, shards, remedy),
    ]


def seconds_at_work(meter: Meter, given: Assumptions) -> float:
    """Environment seconds of one booking: of every function, while it computes, calls, or waits for another."""
    functions = {call.partition(" ")[0] for call in meter.calls} | set(meter.asynchronous)
    alone = sum(_seconds(meter, name, given) for name in functions)
    asked = meter.synchronous.total() - 1
    waiting = asked * given["shape"]["invoke_milliseconds"] / 1_000
    others = sum(_seconds(meter, name, given) for name in ("room-calendar", "payment-charge"))
    return float(alone + waiting + others)


def _seconds(meter: Meter, function: str, given: Assumptions) -> float:
    """How long a function is at work for one booking, alone."""
    shape = given["shape"]
    calls = sum(
        times
        for call, times in meter.calls.items()
        if call.partition(" ")[0] == function and "Invoke" not in call
    )
    invoked = meter.asynchronous[function] or sum(
        times for name, times in meter.synchronous.items() if name.partition(" ")[0] == function
    )
    return float(calls * shape["call_milliseconds"] + invoked * shape["handler_milliseconds"]) / 1_000


def _written(meter: Meter, table: str, kinds: tuple[str, ...] = ()) -> int:
    """Units of a table, its indexes left out as each has partitions of its own; of some kinds of items only."""
    return sum(
        line.written
        for line in meter.lines
        if not line.operation.startswith("index")
        and line.what.partition(" ")[0] == table
        and (not kinds or line.what.partition(" ")[2] in kinds)
    )
