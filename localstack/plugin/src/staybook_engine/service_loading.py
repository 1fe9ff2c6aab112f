"""Services that are whole before anybody's request is routed to them."""

from __future__ import annotations

from typing import Any

from staybook_engine.mends import mend


@mend(
    "whole-services",
    answers="4.14 takes a service for loaded before its operations are there: of two first requests one finds none",
)
def route_to_whole_services() -> None:
    """Lets no request pass whose service another one is still loading."""
    from localstack.aws.handlers.service_plugin import ServiceLoader

    original = ServiceLoader.require_service
    whole: set[str] = set()

    def require_service(loader: ServiceLoader, chain: Any, context: Any, response: Any) -> None:
        """Loads the request's service unless it is there with all its operations."""
        if not context.service or context.service.service_name in whole:
            return
        name = context.service.service_name
        with loader.service_locks[name]:
            original(loader, chain, context, response)
            whole.add(name)

    ServiceLoader.require_service = require_service
