"""The engine's network side: LocalStack's gateway on the AWS port, the front door on the gateway port.

LocalStack 4.14's own server listens on every network interface whatever it is told; this one listens where it is told.
"""

from __future__ import annotations

from localstack.config import HostAndPort
from localstack.runtime.server.core import RuntimeServerPlugin
from localstack.runtime.server.twisted import TwistedRuntimeServer
from rolo.gateway import Gateway
from rolo.serving.twisted import TwistedGateway
from twisted.internet import reactor

from staybook_engine import settings
from staybook_engine.frontdoor import FrontDoor, Line


class QuietGateway(TwistedGateway):
    """LocalStack's site without a line of access log for each request, which nobody would read."""

    def log(self, request: object) -> None:
        """Logs nothing."""


class LocalServer(TwistedRuntimeServer):
    """Plain HTTP on two ports of one interface."""

    def register(
        self, gateway: Gateway, listen: list[HostAndPort], ssl_creds: tuple[str, str] | None = None
    ) -> None:
        """Opens the ports; the certificate is left unused, since nothing leaves the machine."""
        told = settings.current()
        self._front_door = FrontDoor(
            reactor,
            bookings=Line(told.booking_slots, told.booking_wait),
            others=Line(told.slots, told.queue_wait),
        )
        for one in listen:
            reactor.listenTCP(one.port, QuietGateway(gateway), interface=one.host)
        reactor.listenTCP(told.gateway_port, self._front_door.site, interface=told.host)

    def shutdown(self) -> None:
        """Closes the front door first, then the rest."""
        self._front_door.close()
        super().shutdown()


class LocalServerPlugin(RuntimeServerPlugin):
    """Makes the server known to LocalStack as `GATEWAY_SERVER=staybook`."""

    name = "staybook"

    def load(self, *args: object, **kwargs: object) -> LocalServer:
        """Returns the server, as LocalStack expects."""
        return LocalServer()
