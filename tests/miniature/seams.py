"""Where the services touch the world, found by looking: every port their bootstraps wire, every call of AWS, every
invocation of one function by another. Each goes through `Steps`, so that a test can stop, order or hurt it there.

Nothing is listed by hand: a port or a call that is added tomorrow is a step by itself.
"""

import inspect
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from functools import cache, cached_property
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol

from botocore.client import BaseClient
from botocore.exceptions import ReadTimeoutError

from chalicelib.reservation.adapters.circuits import DynamoCircuits
from chalicelib.reservation.adapters.guarding import Guarded
from kernel.clock import Clock, system_clock
from kernel.errors import Unavailable
from kernel.remote import Peer
from kernel.wire.client import Client
from tests.doors import fresh_app, load_app
from tests.miniature.store import WRITES

SERVICES = ("room", "reservation", "payment", "message")


class Crash(BaseException):
    """The process is gone: nobody can catch this."""


@dataclass(frozen=True)
class Call:
    """A touch of the world: `kind` is port, store, bus or peer; `lost` is what a caller sees whose reply is lost."""

    kind: str
    name: str
    writes: bool
    lost: type[Exception]

    def lose(self) -> Exception:
        """A fresh error for a lost reply."""
        if self.lost is ReadTimeoutError:
            return ReadTimeoutError(endpoint_url=self.name)
        return self.lost(self.name)


class Steps:
    """Lets every call happen; tests put something less kind in its place."""

    def take(self, call: Call, act: Callable[[], Any]) -> Any:
        return act()


class World(Protocol):
    """What stands behind the seams."""

    steps: Steps

    def clock(self) -> Any:
        """The present instant."""

    def later(self, passed: timedelta) -> None:
        """Lets time pass."""

    def in_time(self, act: Callable[[], Any]) -> Any:
        """Does it, if whoever does has not been ended by a time limit meanwhile."""

    def aws(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        """Answers a call of AWS's API."""

    def invoke(self, function: str, payload: str) -> tuple[dict[str, Any], bool]:
        """Runs another function; its reply, and whether it crashed."""


class _Port:
    """A port, each of whose methods is a step."""

    def __init__(self, service: str, adapter: object, seams: "Seams") -> None:
        self._adapter, self._seams = adapter, seams
        self._label = f"{service} {type(adapter).__name__}"

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._adapter, name)
        if not callable(method):
            return method
        call = Call("port", f"{self._label}.{name}", False, Unavailable)
        return lambda *inputs, **named: self._seams.take(call, lambda: method(*inputs, **named))


class Seams:
    """The services, tied to whichever world is present."""

    def __init__(self) -> None:
        self.world: World | None = None
        self._undo: list[Callable[[], None]] = []
        self._free: dict[str, list[ModuleType]] = {}

    @contextmanager
    def environment(self, service: str) -> Iterator[ModuleType]:
        """An app module that nobody else uses meanwhile: Chalice's answers one request at a time."""
        free = self._free.setdefault(service, [])
        module = free.pop() if free else fresh_app(service)
        try:
            yield module
        finally:
            free.append(module)

    def present(self) -> World:
        assert self.world is not None, "a world has to be there before its services do anything"
        return self.world

    def take(self, call: Call, act: Callable[[], Any]) -> Any:
        world = self.present()
        return world.steps.take(call, lambda: world.in_time(act))

    def tie(self) -> None:
        """Puts every service's ports, AWS's clients and the peers behind the seams."""
        for service in SERVICES:
            self._tie_service(service)
        seams = self

        def api_call(client: Client, operation: str, request: dict[str, Any]) -> Any:
            return seams._api_call(client.service, operation, request)

        def sdk_call(client: Any, operation: str, request: dict[str, Any]) -> Any:
            return seams._api_call(client.meta.service_model.service_name, operation, request)

        def invoke(peer: Any, payload: str) -> tuple[dict[str, Any], bool]:
            call = Call("peer", f"invoke {peer._function}", True, Unavailable)
            reply: tuple[dict[str, Any], bool] = seams.take(
                call, lambda: seams.present().invoke(peer._function, payload)
            )
            return reply

        self._put(Client, "_make_api_call", api_call)
        self._put(BaseClient, "_make_api_call", sdk_call)
        # The circuits go by the clock on the wall and remember what other worlds did: they have tests of their own.
        self._put(Guarded, "ask", lambda guarded, command, data: guarded._peer.ask(command, data))
        self._put(DynamoCircuits, "check", lambda circuits: None)
        self._put(Peer, "_invoke", invoke)

    def untie(self) -> None:
        """Puts everything back as it was."""
        while self._undo:
            self._undo.pop()()

    def _api_call(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        place = request.get("TableName", "")
        call = Call(
            "store" if service == "dynamodb" else "bus",
            f"{operation} {place}".strip(),
            service != "dynamodb" or operation in WRITES,
            ReadTimeoutError,
        )
        return self.take(call, lambda: self.present().aws(service, operation, request))

    def _tie_service(self, service: str) -> None:
        load_app(service)
        bootstrap = import_module(f"chalicelib.{service}.bootstrap")
        if hasattr(bootstrap, "Wiring") and not is_dataclass(bootstrap.Wiring):
            self._tie_wiring(service, bootstrap.wiring)
            return
        homes = [
            module
            for name, module in list(sys.modules.items())
            if name.startswith((f"chalicelib.{service}.", f"{service}_app"))
        ] + [load_app(service)]
        for _, wire in inspect.getmembers(bootstrap, callable):
            if getattr(wire, "__module__", "") == bootstrap.__name__ and _wires(wire):
                tied = self._tied(service, wire)
                for home in homes:
                    for known, value in list(vars(home).items()):
                        if value is wire:
                            self._put(home, known, tied)

    def _tie_wiring(self, service: str, wiring: object) -> None:
        """Each part of it behind the seams, made when it is first needed, as ever; made anew once they are gone."""
        for name, part in list(vars(type(wiring)).items()):
            if isinstance(part, cached_property):
                self._put(type(wiring), name, self._tied_part(service, name, part))
        vars(wiring).clear()
        self._undo.append(vars(wiring).clear)

    def _tied_part(self, service: str, name: str, part: cached_property[Any]) -> cached_property[Any]:
        def made(wiring: Any) -> Any:
            return self._behind(service, part.func(wiring))

        tied = cached_property(made)
        tied.__set_name__(object, name)
        return tied

    def _tied(self, service: str, wire: Callable[[], Any]) -> Callable[[], Any]:
        """What a bootstrap's function wires, behind the seams; kept where the bootstrap keeps it."""
        tied = lambda: self._behind(service, getattr(wire, "__wrapped__", wire)())  # noqa: E731 - it is wrapped below
        return cache(tied) if hasattr(wire, "__wrapped__") else tied

    def _behind(self, service: str, wired: Any) -> Any:
        """What a bootstrap wired, each adapter in it a port of ours."""
        if wired is system_clock:
            return self._clock()
        if _adapter(wired):
            self._tell_the_time(wired)
            return _Port(service, wired, self)
        if is_dataclass(wired) and not isinstance(wired, type):
            parts = {each.name: getattr(wired, each.name) for each in fields(wired)}
            if any(_adapter(part) or part is system_clock for part in parts.values()):
                return replace(wired, **{name: self._behind(service, part) for name, part in parts.items()})
        return wired

    def _tell_the_time(self, adapter: object) -> None:
        """An adapter that keeps a clock of its own, or waits by one, goes by the world's."""
        for name, value in list(vars(adapter).items()):
            if value is system_clock:
                setattr(adapter, name, self._clock())
            elif value is time.sleep:
                setattr(adapter, name, lambda seconds: self.present().later(timedelta(seconds=seconds)))

    def _clock(self) -> Clock:
        return lambda: self.present().clock()

    def _put(self, home: ModuleType | type, name: str, value: Any) -> None:
        before = getattr(home, name)
        self._undo.append(lambda: setattr(home, name, before))
        setattr(home, name, value)


def _wires(wire: Any) -> bool:
    """Whether it makes a part of the service; what asks for something first does some work instead."""
    return not inspect.isclass(wire) and not inspect.signature(wire).parameters


def _adapter(value: Any) -> bool:
    module = type(value).__module__
    return ".adapters." in module or module == "kernel.relay"


@contextmanager
def tied() -> Iterator[Seams]:
    """The services behind seams, for as long as it lasts."""
    seams = Seams()
    seams.tie()
    try:
        yield seams
    finally:
        seams.untie()
