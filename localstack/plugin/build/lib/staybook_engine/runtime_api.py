"""A private Lambda Runtime API for one Lambda process: what AWS's runtime client polls and answers to.

One server, one process, one invocation at a time; it listens on a port of its own on 127.0.0.1.
"""

from __future__ import annotations

import logging
import queue
import socket
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

LOG = logging.getLogger(__name__)

RUNTIME = "/2018-06-01/runtime/"


@dataclass(frozen=True)
class Task:
    """One invocation to hand over: `payload` is JSON, `seconds` the time it may take."""

    request_id: str
    payload: bytes
    function_arn: str
    trace_id: str
    seconds: float


@dataclass(frozen=True)
class Answer:
    """What the function said: a JSON body, and whether it reported an error."""

    body: bytes
    is_error: bool


class InitializationFailed(Exception):
    """The function's module or handler could not be loaded; `body` is the error as JSON."""

    def __init__(self, body: bytes) -> None:
        super().__init__("the function failed while it was starting")
        self.body = body


class RuntimeApi:
    """The engine's half of the conversation with one Lambda process."""

    def __init__(self) -> None:
        self.ready: Future[None] = Future()
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._current: tuple[str, Future[Answer]] | None = None
        self._server = _Server(self)
        threading.Thread(target=self._server.serve, name="lambda-runtime-api", daemon=True).start()

    @property
    def address(self) -> str:
        """What AWS_LAMBDA_RUNTIME_API is set to: host:port."""
        return f"127.0.0.1:{self._server.server_port}"

    def submit(self, task: Task) -> Future[Answer]:
        """Hands `task` to the process; the future holds its answer once it has one."""
        answer: Future[Answer] = Future()
        self._current = (task.request_id, answer)
        self._tasks.put(task)
        return answer

    def close(self) -> None:
        """Stops serving; a process that waits for its next invocation is told to go."""
        self._tasks.put(None)
        self._server.stop()

    def next_task(self) -> Task | None:
        """Blocks until there is something to do; None means that nothing will come any more."""
        _settle(self.ready, None)
        return self._tasks.get()

    def answered(self, request_id: str, answer: Answer) -> None:
        """Takes an answer in; one to an invocation that is over by now is dropped."""
        if self._current and self._current[0] == request_id:
            _settle(self._current[1], answer)

    def failed_to_start(self, body: bytes) -> None:
        """Takes the report in that the function could not be loaded."""
        if not self.ready.done():
            self.ready.set_exception(InitializationFailed(body))

    def ended(self, body: bytes) -> None:
        """The process is gone: whatever waits for it gets `body` as its error."""
        self.failed_to_start(body)
        if self._current:
            _settle(self._current[1], Answer(body, is_error=True))


def _settle[T](future: Future[T], value: T) -> None:
    if not future.done():
        future.set_result(value)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.api = api

    def serve(self) -> None:
        """Accepts connections until the socket is shut; unlike serve_forever, it doesn't wake up to look around."""
        while True:
            try:
                connection, address = self.socket.accept()
            except OSError:
                return
            self.process_request(connection, address)

    def stop(self) -> None:
        """Ends `serve`; closing alone would leave it waiting."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            LOG.debug("the socket was shut already")
        self.socket.close()

    def handle_error(self, request: object, client_address: object) -> None:
        LOG.debug("a Lambda process went away in the middle of a request")


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """`invocation/next`: the process asks for work."""
        task = self._api.next_task()
        if task is None:
            self.close_connection = True
            return
        deadline = int((time.time() + task.seconds) * 1000)
        self._reply(
            "200 OK",
            task.payload,
            f"Lambda-Runtime-Aws-Request-Id: {task.request_id}\r\n"
            f"Lambda-Runtime-Invoked-Function-Arn: {task.function_arn}\r\n"
            f"Lambda-Runtime-Trace-Id: {task.trace_id}\r\n"
            f"Lambda-Runtime-Deadline-Ms: {deadline}\r\n",
        )

    def do_POST(self) -> None:
        """`invocation/<id>/response`, `invocation/<id>/error` or `init/error`: the process reports."""
        body = self._body()
        match self.path.removeprefix(RUNTIME).split("/"):
            case ["init", "error"]:
                self._api.failed_to_start(body)
            case ["invocation", request_id, "response" | "error" as kind]:
                self._api.answered(request_id, Answer(body, is_error=kind == "error"))
        self._reply("202 Accepted", b'{"status":"OK"}')

    @property
    def _api(self) -> RuntimeApi:
        return cast(_Server, self.server).api

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _reply(self, status: str, body: bytes, headers: str = "") -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        self.wfile.write(head.encode() + body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's name
        """Says nothing: a line an invocation would drown the engine's own log."""
