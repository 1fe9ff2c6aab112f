"""A service of AWS's as bad as a test wants it: real connections, and for each request what was planned for it."""

import json
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

Act = Callable[[socket.socket], bool]
"""Does something to a connection on which a request has come; whether the connection is kept."""


@dataclass(frozen=True)
class Heard:
    """A request as it came in, and on the how manieth connection. Names of headers are in lower case."""

    line: str
    headers: Mapping[str, str]
    body: bytes
    connection: int


def says(body: Any = None, status: int = 200, **headers: Any) -> Act:
    """Answers; `body` is what JSON says, or bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    lines = {
        "content-length": str(len(content)),
        **{name.replace("_", "-"): headers[name] for name in headers},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())

    def act(connection: socket.socket) -> bool:
        connection.sendall(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + content)
        return True

    return act


def sums(body: Any, *, wrong_by: int = 0) -> Act:
    """Answers with a checksum, as DynamoDB does."""
    content = json.dumps(body).encode()
    return says(content, x_amz_crc32=str(zlib.crc32(content) + wrong_by))


def refuses(code: str, status: int = 400, **more: Any) -> Act:
    return says({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no", **more}, status)


def says_and_closes(body: Any) -> Act:
    """Closes in silence what it seemed to keep."""
    answer = says(body)
    return lambda connection: answer(connection) and False


def closes(_: socket.socket) -> bool:
    return False


def resets(connection: socket.socket) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def breaks_off(connection: socket.socket) -> bool:
    connection.sendall(b'HTTP/1.1 200 Said\r\ncontent-length: 100\r\n\r\n{"Item"')
    return False


@dataclass
class Service:
    """Hears requests, and does to each what was planned; the last plan counts for all that follow."""

    plan: list[Act]
    heard: list[Heard] = field(default_factory=list)
    port: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    _connections: int = 0

    def keeps_silent(self, _: socket.socket) -> bool:
        """Until the test is over."""
        self.released.wait()
        return False

    def bodies(self) -> list[Any]:
        return [json.loads(each.body) for each in self.heard]

    def serve(self, listener: socket.socket, wrap: Callable[[socket.socket], socket.socket]) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # the test is over
            self._connections += 1
            threading.Thread(
                target=self._talk, args=(connection, wrap, self._connections), daemon=True
            ).start()

    def _talk(
        self, connection: socket.socket, wrap: Callable[[socket.socket], socket.socket], number: int
    ) -> None:
        with suppress(OSError), wrap(connection) as wrapped, wrapped.makefile("rb") as reader:
            while line := reader.readline():
                headers = dict(_headers(reader))
                body = reader.read(int(headers.get("content-length", 0)))
                self.heard.append(Heard(line.decode().strip(), headers, body, number))
                act = self.plan.pop(0) if len(self.plan) > 1 else self.plan[0]
                if not act(wrapped):
                    return


def _headers(reader: Any) -> Iterator[tuple[str, str]]:
    while (line := reader.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        yield name.lower(), value.strip()


@contextmanager
def service(*plan: Act, tls: ssl.SSLContext | None = None) -> Iterator[Service]:
    """One that listens for as long as it lasts."""
    wrap: Callable[[socket.socket], socket.socket] = (
        (lambda raw: tls.wrap_socket(raw, server_side=True)) if tls else (lambda raw: raw)
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Service(list(plan), port=listener.getsockname()[1])
        accepting = threading.Thread(target=made.serve, args=(listener, wrap))
        accepting.start()
        try:
            yield made
        finally:
            made.released.set()
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()
