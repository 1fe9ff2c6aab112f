"""Where the fault switchboard is wired into LocalStack: its chain of handlers, EventBridge, an address of its own."""

from __future__ import annotations

import functools
import random
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from localstack.aws.api import CommonServiceException, RequestContext
from localstack.http import Request, Response
from localstack.runtime import hooks
from localstack.runtime.current import get_current_runtime

from staybook_engine.executor import RUNNING, ProcessRuntimeExecutor
from staybook_engine.faults import BadRule, Call, Rule, Switchboard, parse

SWITCHBOARD = Switchboard(random.Random())  # noqa: S311 - no secret depends on it
PATH = "/_staybook/faults"
THROTTLED = {
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "lambda": ("TooManyRequestsException", 429),
    "sqs": ("RequestThrottled", 403),
}
INTERNAL = {"dynamodb": "InternalServerError", "lambda": "ServiceException", "events": "InternalException"}
ACCESS_KEY = re.compile(r"Credential=([^/]+)/")
NAMING = (
    "TableName",
    "FunctionName",
    "EventBusName",
    "QueueUrl",
    "QueueName",
    "StreamArn",
    "RequestItems",
    "Name",
)


@hooks.on_infra_start()
def fault_switchboard() -> None:
    """Wires the switchboard in; as long as it is empty, each call looks at an empty list twice."""
    from localstack.services.edge import ROUTER
    from localstack.services.events.provider import EventsProvider

    gateway = get_current_runtime().components.gateway
    gateway.request_handlers.insert(gateway.request_handlers.index(gateway.service_request_router), before)
    gateway.response_handlers.insert(0, after)
    EventsProvider.put_events = partly(EventsProvider.put_events)
    ROUTER.add(PATH, endpoint=control, methods=["GET", "POST", "DELETE"])


def control(request: Request) -> Any:
    """Lists, adds or clears rules; answers 400 with the reason when a rule is wrong."""
    if request.method == "DELETE" and "id" in request.args:
        SWITCHBOARD.remove(request.args.get("id", type=int))
    elif request.method == "DELETE":
        SWITCHBOARD.clear()
    if request.method != "POST":
        return {"faults": SWITCHBOARD.listing()}
    try:
        rule = parse(request.get_json(force=True))
    except BadRule as problem:
        response = Response(status=400)
        response.set_json({"message": str(problem)})
        return response
    if rule.kind == "kill" and not (rule.service or rule.caller):
        return {"killed": kill(rule.resource, rule.count)}
    return {"fault": SWITCHBOARD.add(rule).__dict__}


def before(chain: object, context: RequestContext, response: Response) -> None:
    """Strikes a call that is about to take effect."""
    if not SWITCHBOARD.rules or context.operation is None:
        return
    call = _call(context)
    if rule := SWITCHBOARD.strike(call, ("delay",)):
        time.sleep(rule.seconds)
    rule = SWITCHBOARD.strike(call, ("throttle", "error", "kill"))
    if rule and rule.kind == "throttle":
        code, status = THROTTLED.get(call.service, ("ThrottlingException", 400))
        raise CommonServiceException(code, "Throttled by the fault switchboard.", status, sender_fault=True)
    if rule:
        _kill_caller(rule, context)
        raise _internal_error(call)


def after(chain: object, context: RequestContext, response: Response) -> None:
    """Strikes a call that took effect: its reply is lost, or its caller dies."""
    if not SWITCHBOARD.rules or context.operation is None or response.status_code >= 400:
        return
    call = _call(context)
    if rule := SWITCHBOARD.strike(call, ("drop", "kill"), when="after"):
        _kill_caller(rule, context)
        problem = _internal_error(call)
        response.status_code = problem.status_code
        response.set_json({"__type": problem.code, "message": problem.message})


def partly(put_events: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Wraps EventBridge's put_events(provider, context, entries, ...) so that a rule can fail some of the entries."""

    @functools.wraps(put_events)
    def call(
        provider: Any, context: RequestContext, entries: list[Any], *rest: Any, **more: Any
    ) -> dict[str, Any]:
        rule = SWITCHBOARD.strike(_call(context), ("partial",)) if SWITCHBOARD.rules else None
        if rule is None:
            return put_events(provider, context, entries, *rest, **more)
        failing = {number for number in rule.entries if number < len(entries)}
        taken = [entry for number, entry in enumerate(entries) if number not in failing]
        result = put_events(provider, context, taken, *rest, **more)
        good = iter(result["Entries"])
        failure = {"ErrorCode": "InternalFailure", "ErrorMessage": "Failed by the fault switchboard."}
        merged = [failure if number in failing else next(good) for number in range(len(entries))]
        return {**result, "Entries": merged, "FailedEntryCount": result["FailedEntryCount"] + len(failing)}

    return call


def kill(function: str | None, count: int | None) -> list[int]:
    """Kills Lambda processes of one function, or of all, at most `count` of them; returns their pids."""
    victims = [
        one for one in RUNNING if one.alive and function in (None, one.function_version.id.function_name)
    ]
    return [_kill(one) for one in victims[:count]]


def _kill(executor: ProcessRuntimeExecutor) -> int:
    executor.stop()
    return executor.process.pid if executor.process else 0


def _kill_caller(rule: Rule, context: RequestContext) -> None:
    caller = _caller(context)
    if rule.kind == "kill" and caller:
        _kill(caller)


def _internal_error(call: Call) -> CommonServiceException:
    code = INTERNAL.get(call.service, "InternalFailure")
    return CommonServiceException(code, "Failed by the fault switchboard.", 500)


def _call(context: RequestContext) -> Call:
    caller = _caller(context)
    return Call(
        service=context.service.service_name,
        operation=context.operation.name,
        resources=set(_names(context.service_request)),
        caller=caller.function_version.id.function_name if caller else "",
    )


def _caller(context: RequestContext) -> ProcessRuntimeExecutor | None:
    """The Lambda process that signed the request: each has an access key of its own."""
    found = ACCESS_KEY.search(context.request.headers.get("Authorization", ""))
    key = found.group(1) if found else None
    return next((one for one in list(RUNNING) if one.access_key == key), None)


def _names(request: Any) -> Iterator[str]:
    """The names of tables, functions, buses and queues in a request, at whatever depth they stand."""
    if isinstance(request, list):
        for one in request:
            yield from _names(one)
    elif isinstance(request, dict):
        for key, value in request.items():
            if key == "RequestItems":
                yield from value
            elif key in NAMING and isinstance(value, str):
                yield _short(value)
            elif key in ("TransactItems", "Entries", "Put", "Update", "Delete", "ConditionCheck", "Get"):
                yield from _names(value)


def _short(name: str) -> str:
    """The plain name in an ARN or address: `...:function:room:live` is room, `http://host/0000/queue` is queue."""
    if ":function:" in name:
        return name.partition(":function:")[2].partition(":")[0]
    if name.startswith("arn:"):
        return re.split(r"[:/]", name.split(":", 5)[5])[1 if "/" in name else 0]
    return name.rstrip("/").rpartition("/")[2].partition(":")[0]
