"""The front door: Staybook's one REST API at the root of a port of its own.

`http://localhost:8088/rooms` is the API `staybook`, stage `v1`; neither shows. Requests have threads of their own here,
one for each slot, and wait for one without holding any. So a crowd at the door never takes a thread from the AWS port,
which the Lambda functions need to serve that very crowd. Bookings have a line and slots of their own: no crowd that
wants something else keeps them waiting.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from localstack.constants import AWS_REGION_US_EAST_1, DEFAULT_AWS_ACCOUNT_ID
from localstack.services.apigateway.models import apigateway_stores
from rolo import Request, Response
from rolo.gateway.wsgi import WsgiGateway
from rolo.serving.twisted import (
    HeaderPreservingHTTPChannel,
    HeaderPreservingWSGIResource,
    TwistedRequestAdapter,
    _GenericHTTPChannelProtocol,
)
from twisted.python.threadpool import ThreadPool
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Site

from staybook_engine.admission import Admission, Visit
from staybook_engine.gateway_responses import ASKED_PATH
from staybook_engine.refusals import NOT_DEPLOYED, refuse, unavailable, unfit

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

API = "staybook"
STAGE = "v1"
PREFIX = f"/_aws/execute-api/{API}/{STAGE}"
BOOKINGS = b"/reservations"
ARRIVED = "staybook.arrived"  # in the WSGI environment: when the request came to the front door, in seconds since 1970
READABLE_HEAD = 1 << 18  # bytes; beyond them nobody reads on to answer politely


@dataclass(frozen=True)
class Line:
    """`slots` requests are served at once; the others wait for at most `patience` seconds."""

    slots: int
    patience: float


class FrontDoor:
    """A site that admits requests to the API."""

    def __init__(self, reactor: Any, bookings: Line, others: Line) -> None:
        """`bookings` is the line of requests of the reservation service, `others` that of all others."""
        slots = bookings.slots + others.slots
        self._threads = ThreadPool(minthreads=0, maxthreads=slots, name="front-door")
        self._threads.start()
        lines = [Admission(reactor, line.slots, line.patience) for line in (bookings, others)]
        self.site = Site(
            _Door(reactor, self._threads, *lines),
            requestFactory=TwistedRequestAdapter,
            parsePOSTFormSubmission=False,  # it is the API's to read; a broken form would be hung up on here
        )
        self.site.log = lambda request: None  # an access log that nobody would read
        self.site.protocol = lambda: _GenericHTTPChannelProtocol(_Channel())

    def close(self) -> None:
        """Takes no more requests in."""
        self._threads._team.quit()  # its own stop() waits for requests in progress, however long they take


class _Channel(HeaderPreservingHTTPChannel):
    """Reads more of a request's head than is accepted, so that what is too much gets an answer and not a hang-up."""

    totalHeadersSize = MAX_LENGTH = READABLE_HEAD  # noqa: N815 - the server's names


class _Door(Resource):
    isLeaf = True  # noqa: N815 - the server's name

    def __init__(self, reactor: Any, threads: ThreadPool, bookings: Admission, others: Admission) -> None:
        super().__init__()
        self._reactor, self._threads = reactor, threads
        self._bookings, self._others = bookings, others
        self._api = WsgiGateway(_Api())

    def render(self, request: Any) -> int:
        """Admits the request, puts it in line or refuses it; the answer comes later."""
        if refusal := unfit(request) if is_deployed() else NOT_DEPLOYED:
            refuse(request, refusal)
        else:
            self._admit(request)
        return NOT_DONE_YET

    def _admit(self, request: Any) -> None:
        admission = self._bookings if _of_bookings(request) else self._others
        inside = self._inside(admission, time.time())
        visit = Visit(
            enter=lambda: inside.render(request),
            refuse=lambda again: refuse(request, unavailable("Staybook is busy just now.", again)),
        )
        request.notifyFinish().addErrback(lambda _: admission.go_away(visit))
        admission.arrive(visit)

    def _inside(self, admission: Admission, arrived: float) -> HeaderPreservingWSGIResource:
        """The API, for one request."""
        inward = _inward(self._api, arrived, lambda: self._reactor.callFromThread(admission.leave))
        return HeaderPreservingWSGIResource(self._reactor, self._threads, inward)


def _of_bookings(request: Any) -> bool:
    return bool(request.path == BOOKINGS or request.path.startswith(BOOKINGS + b"/"))


def is_deployed() -> bool:
    """Whether the API has a stage to serve; LocalStack keeps those of all accounts in one place."""
    store = apigateway_stores[DEFAULT_AWS_ACCOUNT_ID][AWS_REGION_US_EAST_1]
    return STAGE in store.active_deployments.get(API, {})


class _Api:
    """The deployed API as something that processes requests, past LocalStack's search for what a path might mean."""

    def process(self, request: Request, response: Response) -> None:
        """Fills `response` with the API's answer."""
        response.update_from(self._endpoint(request, api_id=API, stage=STAGE))

    @cached_property
    def _endpoint(self) -> Callable[..., Response]:
        # Imported with the first request: by then every mend of API Gateway is in place.
        from localstack.services.apigateway.next_gen.execute_api.router import ApiGatewayEndpoint

        tell_arrivals()
        return ApiGatewayEndpoint()


def tell_arrivals() -> None:
    """Has the time of a request be that of its arrival at the door, as AWS has it, however long it stood in line."""
    from localstack.services.apigateway.next_gen.execute_api.handlers.parse import InvocationRequestParser

    variables = InvocationRequestParser.create_context_variables

    def with_arrival(context: Any) -> Any:
        found = variables(context)
        if arrived := context.request.environ.get(ARRIVED):
            found["requestTimeEpoch"] = int(arrived * 1000)
        return found

    InvocationRequestParser.create_context_variables = staticmethod(with_arrival)


def _inward(application: WSGIApplication, arrived: float, leave: Callable[[], None]) -> WSGIApplication:
    """Wraps `application` so that it sees the API's own path, byte for byte, and when the request came, and tells when
    it is over.
    """

    def serve(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environment[ARRIVED] = arrived
        environment[ASKED_PATH] = environment["RAW_URI"].partition("?")[0]
        environment["RAW_URI"] = PREFIX + environment["RAW_URI"]
        environment["PATH_INFO"] = PREFIX + environment["PATH_INFO"]
        try:
            return application(environment, start_response)
        finally:
            leave()

    return serve
