"""LocalStack's runtime executor without Docker: every Lambda environment is a process on this machine."""

from __future__ import annotations

import logging
import os
import time
import weakref
from pathlib import Path

from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from localstack import config
from staybook_engine import settings
from staybook_engine.outcomes import OUTCOMES
from staybook_engine.runtime_api import InitializationFailed, Task
from staybook_engine.runtime_process import RuntimeProcess

LOG = logging.getLogger(__name__)

RUNNING: weakref.WeakSet[ProcessRuntimeExecutor] = weakref.WeakSet()
FUNCTION_LOG_LIMIT = 10 << 20  # bytes after which a function's log is turned over


class ProcessRuntimeExecutor(RuntimeExecutor):
    """One Lambda environment: at most one process, started once and never restarted."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:  # noqa: A002 - LocalStack's name
        super().__init__(id, function_version)
        self.process: RuntimeProcess | None = None
        self.access_key = ""
        self.state = "starting"
        self.since = time.time()

    def start(self, env_vars: dict[str, str]) -> None:
        """Starts the process and waits for its handler; raises StatusErrorException with the function's error."""
        version = self.function_version.config
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        environment |= {name: str(value) for name, value in env_vars.items()}
        environment["AWS_EXECUTION_ENV"] = f"AWS_Lambda_{version.runtime}"
        self.access_key = environment["AWS_ACCESS_KEY_ID"]
        self.process = RuntimeProcess(
            settings.current().lambda_python,
            version.handler,
            Path(version.code.get_unzipped_code_location()),
            environment,
        )
        RUNNING.add(self)
        try:
            self.process.wait_until_ready()
        except InitializationFailed as failure:
            self._keep_log(self.process.new_output())
            raise StatusErrorException(str(failure), failure.body) from failure
        self._enter("idle")

    def stop(self) -> None:
        """Kills the process, if there is one."""
        if self.process:
            self.process.kill()

    @property
    def alive(self) -> bool:
        """Whether the process is there to take an invocation."""
        return self.process is not None and self.process.alive

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Runs one invocation and returns its result together with what it logged."""
        if self.process is None:
            raise RuntimeError("an environment must be started before it is invoked")
        task = Task(
            request_id=payload["invoke-id"],
            payload=payload["payload"].encode(),
            function_arn=payload["invoked-function-arn"],
            trace_id=payload.get("trace-id", ""),
            seconds=self.function_version.config.timeout,
        )
        started = time.perf_counter()
        self._enter("busy")
        answer = self.process.invoke(task)
        self._enter("idle")
        function = self.function_version.id
        OUTCOMES.count(function.function_name, function.qualifier, answer.body, is_error=answer.is_error)
        logs = self._logs(task, self.process.new_output(), 1000 * (time.perf_counter() - started))
        self._keep_log(logs)
        return InvocationResult(task.request_id, answer.body, answer.is_error, logs)

    def _enter(self, state: str) -> None:
        self.state, self.since = state, time.time()

    def _logs(self, task: Task, output: str, milliseconds: float) -> str:
        version = self.function_version
        return (
            f"START RequestId: {task.request_id} Version: {version.id.qualifier}\n{output}"
            f"END RequestId: {task.request_id}\n"
            f"REPORT RequestId: {task.request_id}\tDuration: {milliseconds:.2f} ms\t"
            f"Memory Size: {version.config.memory_size} MB\n"
        )

    def _keep_log(self, logs: str) -> None:
        path = settings.current().logs_dir / f"{self.function_version.id.function_name}.log"
        try:
            with path.open("a") as log:
                log.write(logs)
                full = log.tell() > FUNCTION_LOG_LIMIT
            if full:
                path.replace(path.with_suffix(".log.1"))
        except OSError as problem:
            LOG.warning("can't write %s: %s", path, problem)

    def get_logs(self) -> str:
        """What the process wrote and nobody has read yet."""
        return self.process.new_output() if self.process else ""

    def get_address(self) -> str:
        """Lambda processes live on this machine."""
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        """Where a Lambda process finds the engine; LocalStack puts AWS_ENDPOINT_URL together from it."""
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        """LocalStack's own runtime endpoint, which nothing here uses but LocalStack asks for."""
        return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}/_localstack_lambda/{self.id}"

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Unpacks the code once, when a version is made."""
        if function_version.config.code:
            function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Nothing is prepared beyond the code, which LocalStack removes itself."""


class ProcessRuntimeExecutorPlugin(RuntimeExecutorPlugin):
    """Makes the executor known to LocalStack as `LAMBDA_RUNTIME_EXECUTOR=process`."""

    name = "process"

    def load(self, *args: object, **kwargs: object) -> type[ProcessRuntimeExecutor]:
        """Returns the executor's class, as LocalStack expects."""
        return ProcessRuntimeExecutor
