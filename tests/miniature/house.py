"""The whole house in one process: the services behind their real doors and adapters, a store, streams, a bus, queues,
a clock that stands until it is told otherwise, and people.

What a Lambda would run is a process here: it may crash at any step, and what it was given is then given again.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any

from chalice.app import ScheduledEventConfig

from infra.layout import TEMPLATES
from infra.template_files import read_template
from tests.doors import Answer, answered, asked, load_app
from tests.miniature.seams import SERVICES, Crash, Seams, Steps
from tests.miniature.store import Store, Write
from tests.permissions.watch import Watch

NOW = datetime(2026, 12, 20, 3, 0, tzinfo=UTC)
HOLD, MARGIN, LEASE = timedelta(seconds=600), timedelta(seconds=60), timedelta(seconds=30)
SETTINGS = {
    "EVENT_BUS_NAME": "staybook",
    "STREAM_FAILURES_QUEUE": "failures",
    "DELIVERY_QUEUE_URL": "message.delivery",
    "COURIER": "log",
    "PHOTO_BUCKET": "staybook-photos-123456789012-ap-northeast-2",
    "ROOM_CALENDAR_FUNCTION": "room.calendar",
    "PAYMENT_CHARGE_FUNCTION": "payment.charge",
    "PAYMENT_EVENTS_QUEUE_URL": "payment.consumer",
    "RESERVATION_PEOPLE_FUNCTION": "reservation.people",
    "VIEWPAGE_UPKEEP_FUNCTION": "viewpage.upkeep",
    "HOLD_SECONDS": str(int(HOLD.total_seconds())),
    "HOLD_MARGIN_SECONDS": str(int(MARGIN.total_seconds())),
    "LEASE_SECONDS": str(int(LEASE.total_seconds())),
    "MAX_OPEN_BOOKINGS": "3",
    "AWS_DEFAULT_REGION": "ap-northeast-2",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    "POWERTOOLS_SERVICE_NAME": "miniature",
    "CURSOR_KEY": "the miniature's",
}
_REPAIRS = frozenset({"reconcile"})  # the promises hold without anybody who goes round to mend them
_STREAM_BATCH = 10
_NEVER = datetime.max.replace(tzinfo=UTC)
# A function that is asked directly reads its clock once. Its time limit ends it before that reading is older than the
# margin; everybody else may be as late as they like.
_TIME_LIMIT = MARGIN
_UNSEEN = timedelta(seconds=5)  # how long a queue hides a message whose delivery failed
_PATIENCE = 10_000  # jobs; more than that means that the house is never at rest
TICK: dict[str, Any] = {
    "version": "0",
    "id": "tick",
    "account": "000000000000",
    "region": "ap-northeast-2",
    "time": "2026-12-20T03:00:00Z",
    "source": "aws.events",
    "detail-type": "Scheduled Event",
    "detail": {},
    "resources": [],
}

Job = Callable[[], None]


@dataclass(frozen=True)
class Rule:
    """Which events go to which door of which service, and how much later."""

    service: str
    door: str
    sources: frozenset[str]
    types: frozenset[str]
    delay: timedelta

    def wants(self, entry: Mapping[str, Any]) -> bool:
        return entry["Source"] in self.sources and entry["DetailType"] in self.types


@dataclass(eq=False)
class Message:
    """What lies in a queue, for a door of a service. `due`: nobody sees it before."""

    service: str
    door: str
    name: str
    body: str
    due: datetime
    attempts: int = 0


@dataclass
class Miniature:
    """The world behind the seams."""

    seams: Seams
    steps: Steps = field(default_factory=Steps)
    now: datetime = NOW
    queued: list[Message] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    crashes: int = 0
    watch: Watch = field(default_factory=Watch)
    _reads: set[str] = field(default_factory=set)
    _relayed: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.store = Store(self.clock)
        self._own = threading.local()
        self.seams.world = self

    # The world behind the seams

    def clock(self) -> datetime:
        return self.now

    def aws(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        self.watch.see(service, operation, request)
        if service == "dynamodb":
            return self.store.call(operation, request)
        return _ANSWERS[service, operation](self, request)

    def put_events(self, request: dict[str, Any]) -> dict[str, Any]:
        for entry in request["Entries"]:
            self._route(entry)
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "id"} for _ in request["Entries"]]}

    def list_objects(self, request: dict[str, Any]) -> dict[str, Any]:
        return {}  # nobody has pictures here

    def send_message(self, request: dict[str, Any]) -> dict[str, Any]:
        self._send(request["QueueUrl"], request)
        return {"MessageId": "id"}

    def send_message_batch(self, request: dict[str, Any]) -> dict[str, Any]:
        for entry in request["Entries"]:
            self._send(request["QueueUrl"], entry)
        return {"Successful": request["Entries"], "Failed": []}

    def _send(self, queue: str, entry: Mapping[str, Any]) -> None:
        body, delay = entry["MessageBody"], timedelta(seconds=entry.get("DelaySeconds", 0))
        if queue == SETTINGS["STREAM_FAILURES_QUEUE"]:
            self.set_aside.append(body)
        else:
            service, door = queue.split(".")
            self.queued.append(Message(service, door, body, body, self.now + delay))

    def invoke(self, function: str, payload: str) -> tuple[dict[str, Any], bool]:
        self.watch.see("lambda", "Invoke", {"FunctionName": function})
        service, door = function.split(".")
        try:
            with self.watch.at_work(service, door), self._limited(self.now + _TIME_LIMIT):
                reply = getattr(load_app(service), door)(json.loads(payload), None)
        except Crash:
            self.crashes += 1
            return {"errorType": "Runtime.ExitError"}, True
        except Exception as error:  # noqa: BLE001 - as the runtime does: an error of the function is its answer
            self.raised.append(f"{function}: {error!r}")
            return {"errorType": type(error).__name__, "errorMessage": str(error)}, True
        return json.loads(json.dumps(reply)), False

    def _route(self, entry: Mapping[str, Any]) -> None:
        for rule in rules():
            if rule.wants(entry):
                detail = json.loads(entry["Detail"])
                body = json.dumps({"detail": detail})
                message = Message(rule.service, rule.door, detail["id"], body, self.now + rule.delay)
                self.queued.append(message)
                self.sent.append(message)

    # What people do

    def ask(self, service: str, method: str, resource: str, **request: Any) -> Answer | None:
        """One request, in an environment of its own; None when that crashed under it."""
        at_work = self.watch.at_work(service, "app")
        with self.seams.environment(service) as module, at_work, self._limited(_NEVER):
            try:
                reply = module.app(asked(method, resource, **request), None)
            except Crash:
                self.crashes += 1
                return None
        return answered(reply)

    # What happens by itself

    def later(self, passed: timedelta) -> None:
        self.now += passed

    def jobs(self) -> list[Job]:
        """What could happen next, each by itself: a stream is read on, a message is delivered."""
        unread = [service for service in SERVICES if service not in self._reads and self._unread(service)]
        streams = [self._reading(service) for service in unread]
        return streams + [self._delivery(message) for message in self.queued if message.due <= self.now]

    def settle_down(self, pick: Callable[[list[Job]], Job] = itemgetter(0)) -> None:
        """Everything that can happen now happens, with what follows from it; `pick` says what is next."""
        for _ in range(_PATIENCE):
            if not (waiting := self.jobs()):
                return
            pick(waiting)()
        raise AssertionError(f"never at rest: {self.queued[:3]} {self.raised[-3:]}")

    def rest(self) -> None:
        """Everything happens, settlement comes, and so does what runs by the clock."""
        self.settle_down()
        while self.queued:
            self.now = max(self.now, min(message.due for message in self.queued))
            self.settle_down()
        self.by_the_clock()
        if self.jobs():
            self.rest()

    def by_the_clock(self) -> None:
        """Every function with a schedule runs once, when all that waits for its time is due."""
        self.now += HOLD + 2 * MARGIN
        for service in SERVICES:
            for door in scheduled(service):
                with suppress(Crash), self.watch.at_work(service, door):
                    getattr(load_app(service), door)(TICK, None)

    def records(self, service: str) -> list[dict[str, Any]]:
        """All that the stream of a service's table ever said."""
        return [_record(write) for write in self.store.streams[f"staybook-{service}"]]

    def again(self, messages: Sequence[Message]) -> None:
        """These events are delivered once more, in this order."""
        for message in messages:
            self.queued.append(
                Message(message.service, message.door, message.name, message.body, message.due)
            )

    def _unread(self, service: str) -> list[Write]:
        stream = self.store.streams.get(f"staybook-{service}", [])
        return stream[self._relayed.get(service, 0) :]

    def _reading(self, service: str) -> Job:
        """A stream is read by one reader at a time, from where it was last read whole."""

        def read() -> None:
            if service in self._reads:
                return
            self._reads.add(service)
            try:
                batch = self._unread(service)[:_STREAM_BATCH]
                if self._taken(service, "relay", [_record(write) for write in batch]):
                    self._relayed[service] = self._relayed.get(service, 0) + len(batch)
            finally:
                self._reads.discard(service)

        return read

    def _delivery(self, message: Message) -> Job:
        def deliver() -> None:
            if message not in self.queued:
                return
            self.queued.remove(message)
            message.attempts += 1
            if not self._taken(message.service, message.door, [_queued(message)]):
                self._back(message)

        return deliver

    def in_time(self, act: Callable[[], Any]) -> Any:
        limits = self._own.__dict__.setdefault("limits", [_NEVER])
        if self.now > limits[-1]:
            raise Crash("its time limit ended it")
        return act()

    @contextmanager
    def _limited(self, until: datetime) -> Iterator[None]:
        """What runs here, in this thread, is ended when its time is up."""
        limits = self._own.__dict__.setdefault("limits", [_NEVER])
        limits.append(until)
        try:
            yield
        finally:
            limits.pop()

    def _back(self, message: Message) -> None:
        """Visible again later; one that nobody can ever handle is a fault of the house."""
        assert message.attempts < 50, f"nobody can handle {message}"
        message.due = self.now + _UNSEEN
        self.queued.append(message)

    def _taken(self, service: str, door: str, records: list[dict[str, Any]]) -> bool:
        handler = getattr(load_app(service), door, None)
        if handler is None:
            return True  # a service without a relay announces nothing
        try:
            with self.watch.at_work(service, door), self._limited(_NEVER):
                reply = handler({"Records": records}, None)
        except Crash:
            self.crashes += 1
            return False
        except Exception as error:  # noqa: BLE001 - as the runtime does: what a function raises, it is given again
            self.raised.append(f"{service}.{door}: {error!r}")
            return False
        return not reply["batchItemFailures"]


@cache
def scheduled(service: str) -> tuple[str, ...]:
    """The doors of a service that open by the clock, but for those that repair."""
    sources = load_app(service).app.event_sources
    names = [each.name for each in sources if isinstance(each, ScheduledEventConfig)]
    return tuple(name for name in names if name not in _REPAIRS)


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of every service's template: which door hears which events."""
    return tuple(_rules())


def _rules() -> Iterator[Rule]:
    for service in SERVICES:
        for resource in read_template(TEMPLATES / f"{service}.yaml")["Resources"].values():
            if resource.get("Type") == "AWS::Events::Rule" and "EventPattern" in resource["Properties"]:
                pattern = resource["Properties"]["EventPattern"]
                for target in resource["Properties"]["Targets"]:
                    queue = target["Arn"]["Fn::GetAtt"][0].removesuffix("Queue")
                    yield Rule(
                        service,
                        "consumer" if queue == "Event" else queue.lower(),
                        frozenset(pattern["source"]),
                        frozenset(pattern["detail-type"]),
                        timedelta() if queue == "Event" else HOLD + MARGIN,
                    )


def _record(write: Write) -> dict[str, Any]:
    images = {"OldImage": write.old, "NewImage": write.new}
    return {
        "eventID": str(write.number),
        "eventName": "MODIFY" if write.old else "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "SequenceNumber": str(write.number),
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            **{name: image for name, image in images.items() if image},
        },
    }


def _queued(message: Message) -> dict[str, Any]:
    return {"messageId": message.name, "body": message.body, "eventSource": "aws:sqs"}


_ANSWERS: dict[tuple[str, str], Callable[[Miniature, dict[str, Any]], Any]] = {
    ("events", "PutEvents"): Miniature.put_events,
    ("s3", "ListObjectsV2"): Miniature.list_objects,
    ("sqs", "SendMessage"): Miniature.send_message,
    ("sqs", "SendMessageBatch"): Miniature.send_message_batch,
}
