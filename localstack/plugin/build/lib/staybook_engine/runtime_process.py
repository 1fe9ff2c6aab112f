"""One Lambda process: started, asked, watched, killed."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
import time
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import UTC, datetime
from pathlib import Path

from staybook_engine.runtime_api import Answer, RuntimeApi, Task

LAUNCH = Path(__file__).with_name("launch.py")
LOG_LIMIT = 1 << 20  # bytes of an invocation's output that are kept, and of the file before it is emptied


class RuntimeProcess:
    """A process of AWS's runtime client with one handler loaded, and the Runtime API that it polls."""

    def __init__(self, python: Path, handler: str, code: Path, environment: dict[str, str]) -> None:
        """Starts it: `code` is the unpacked function, `environment` everything it gets to see."""
        self.started = time.time()
        self._api = RuntimeApi()
        self._output = tempfile.TemporaryFile(mode="a+b")  # noqa: SIM115 - open as long as the process
        self._output_read = 0
        self._request_id = ""
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            [str(python), "-P", str(LAUNCH), handler],
            cwd=code,
            env={**environment, "AWS_LAMBDA_RUNTIME_API": self._api.address, "LAMBDA_TASK_ROOT": str(code)},
            stdin=subprocess.PIPE,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        threading.Thread(target=self._watch, name=f"lambda-{self.pid}", daemon=True).start()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Blocks until the handler is loaded; raises InitializationFailed when that fails or the process ends."""
        self._api.ready.result()

    def invoke(self, task: Task) -> Answer:
        """Runs one invocation; a process that takes too long is killed, as Lambda does."""
        self._request_id = task.request_id
        answer = self._api.submit(task)
        if not self.alive:
            self._api.ended(self._exit_error())
        try:
            return answer.result(task.seconds)
        except FutureTimeoutError:
            self.kill()
            return Answer(_timed_out(task), is_error=True)

    def kill(self) -> None:
        """Ends the process at once, and its Runtime API with it."""
        self._process.kill()
        self._api.close()

    def new_output(self) -> str:
        """What the process has written since the last call, at most LOG_LIMIT bytes of it."""
        data = os.pread(self._output.fileno(), LOG_LIMIT, self._output_read)
        self._output_read += len(data)
        if self._output_read >= LOG_LIMIT:
            self._output.truncate(0)
            self._output_read = 0
        return data.decode(errors="replace")

    def _watch(self) -> None:
        self._process.wait()
        self._api.ended(self._exit_error())
        self._api.close()
        if self._process.stdin:
            self._process.stdin.close()

    def _exit_error(self) -> bytes:
        code = self._process.poll() or 0
        status = f"signal: {-code}" if code < 0 else f"exit status {code}"
        message = f"RequestId: {self._request_id} Error: Runtime exited with {status}"
        return json.dumps({"errorType": "Runtime.ExitError", "errorMessage": message}).encode()


def _timed_out(task: Task) -> bytes:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    message = f"{now}Z {task.request_id} Task timed out after {task.seconds:.2f} seconds"
    return json.dumps({"errorType": "Sandbox.Timedout", "errorMessage": message}).encode()
