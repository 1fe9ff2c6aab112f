"""AWS that answers at once: a server in a process of its own, with recorded answers under the names of calls.

    python -m bench.speed.stub TAPES        a file: {tape: {name of a call: [answers]}}; prints {tape: port}

Each tape has a port. Answers of one name come one after the other, and from the first again. It ends with its standard
input.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

from bench.speed.calls import name_of

Tape = Mapping[str, list[Any]]


class Stub:
    """Answers by one tape."""

    def __init__(self, tape: Tape) -> None:
        self._answers = {name: cycle([_body(answer) for answer in answers]) for name, answers in tape.items()}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                writer.write(await self._answer(head.decode("latin-1"), reader))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has gone
        finally:
            writer.close()

    async def _answer(self, head: str, reader: asyncio.StreamReader) -> bytes:
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = json.loads(await reader.readexactly(int(headers.get("content-length", 0))) or b"{}")
        if "x-amz-target" in headers:
            target, _, operation = headers["x-amz-target"].partition(".")
            service = "dynamodb" if target.startswith("DynamoDB") else "other"
            name = name_of(service, operation, body)
        else:
            name = name_of("lambda", "Invoke", {"Payload": body})
        if name not in self._answers:
            print(f"nothing recorded of {name}: {first}", file=sys.stderr, flush=True)
            return _reply("400 Bad Request", b'{"__type": "NotRecorded", "message": "not recorded"}')
        return _reply("200 OK", next(self._answers[name]))


def _body(answer: Any) -> bytes:
    return json.dumps(answer).encode()


def _reply(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def main() -> None:
    tapes: Mapping[str, Tape] = json.loads(Path(sys.argv[1]).read_text())
    servers = {
        name: await asyncio.start_server(Stub(tape).serve, "127.0.0.1", 0) for name, tape in tapes.items()
    }
    print(
        json.dumps({name: server.sockets[0].getsockname()[1] for name, server in servers.items()}), flush=True
    )
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
