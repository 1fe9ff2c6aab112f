"""What a failed deployment leaves behind: on AWS what was there before, in 4.14 ruins."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from staybook_engine.mends import mend

LOG = logging.getLogger(__name__)


_rolling_back: ContextVar[bool] = ContextVar("rolling back", default=False)


def rolling_back() -> bool:
    """Whether what happens here puts back what was there before."""
    return _rolling_back.get()


@dataclass(frozen=True)
class Step:
    """A change that was made to a resource: how to undo it is in the properties before and after."""

    action: Any
    name: str
    resource_type: str
    before: Any
    after: Any


@mend(
    "failed-update",
    answers="after a failed update 4.14 deletes what the update would have replaced, and takes the broken template "
    "for the stack's own; a successful one is COMPLETE before its outputs are there",
)
def roll_back_failures() -> None:
    """Undoes the steps of a failed deployment, newest first, and keeps the stack's former template."""
    from localstack.services.cloudformation.engine.v2.change_set_model_executor import ChangeSetModelExecutor

    act = ChangeSetModelExecutor._execute_resource_action

    def act_and_remember(self: Any, *arguments: Any, **named: Any) -> Any:
        event = act(self, *arguments, **named)
        if event.status.name == "SUCCESS" and not named.get("part_of_replacement"):
            _remember(self, event, **named)
        return event

    def undo(self: Any, step: Step) -> None:
        _undo(self, act, step)

    ChangeSetModelExecutor._execute_resource_action = act_and_remember
    ChangeSetModelExecutor.execute = _execute
    ChangeSetModelExecutor.undo = undo


def _remember(executor: Any, event: Any, *, action: Any, logical_resource_id: str, **named: Any) -> None:
    from localstack.services.cloudformation.engine.v2.change_set_model_preproc import PreprocProperties

    step = Step(
        action,
        logical_resource_id,
        named["resource_type"],
        named["before_properties"],
        PreprocProperties(properties=event.resource_model),
    )
    executor.steps = [*getattr(executor, "steps", []), step]


def _undo(executor: Any, act: Any, step: Step) -> None:
    from localstack.aws.api.cloudformation import ChangeAction

    added = step.action == ChangeAction.Add
    event = act(
        executor,
        action=ChangeAction.Remove if added else ChangeAction.Modify,
        logical_resource_id=step.name,
        resource_type=step.resource_type,
        before_properties=step.after,
        after_properties=None if added else step.before,
        part_of_replacement=added,
    )
    if event.status.name != "SUCCESS":
        LOG.error("rolling back %s failed: %s", step.name, event.message)


def _execute(executor: Any) -> Any:
    """Takes the place of 4.14's `execute`: deletions happen after success only."""
    from localstack.aws.api.cloudformation import StackStatus
    from localstack.services.cloudformation.engine.v2.change_set_model_executor import (
        ChangeSetModelExecutorResult,
    )

    stack = executor._change_set.stack
    deleting = stack.status == StackStatus.DELETE_IN_PROGRESS
    failure = _failure_of(executor)
    if failure and not deleting:
        _roll_back(executor, failure)
    else:
        if executor._deferred_actions and not deleting:
            stack.set_stack_status(StackStatus.UPDATE_COMPLETE_CLEANUP_IN_PROGRESS)
        for deferred in reversed(executor._deferred_actions):
            deferred.action()
        stack.resolved_outputs = executor.outputs  # 4.14 sets them only after it says COMPLETE
    return ChangeSetModelExecutorResult(executor.resources, executor.outputs, failure)


def _failure_of(executor: Any) -> str | None:
    """Why the constructive part failed, or None. Any error of a provider ends here, as it does in 4.14."""
    from localstack.services.cloudformation.engine.v2.change_set_model_executor import TriggerRollback

    try:
        executor.process()
    except TriggerRollback as trigger:
        return trigger.reason or f"{trigger.logical_resource_id} failed"
    except Exception as error:
        LOG.exception("deployment of %s failed", executor._change_set.stack.stack_name)
        return str(error) or type(error).__name__
    return None


def _roll_back(executor: Any, failure: str) -> None:
    from localstack.aws.api.cloudformation import ChangeSetType, StackStatus

    change_set, stack = executor._change_set, executor._change_set.stack
    creating = change_set.change_set_type == ChangeSetType.CREATE
    stack.set_stack_status(
        StackStatus.ROLLBACK_IN_PROGRESS if creating else StackStatus.UPDATE_ROLLBACK_IN_PROGRESS, failure
    )
    token = _rolling_back.set(True)
    for step in reversed(getattr(executor, "steps", [])):
        executor.undo(step)
    _rolling_back.reset(token)
    executor.resources.clear()
    if not creating:
        executor.resources.update(stack.resolved_resources)
        for name in ("template", "processed_template", "template_body", "resolved_parameters"):
            setattr(change_set, name, getattr(stack, name))
    stack.set_stack_status(
        StackStatus.ROLLBACK_COMPLETE if creating else StackStatus.UPDATE_ROLLBACK_COMPLETE, failure
    )
