"""Our plugins for LocalStack, which finds them through the entry points in pyproject.toml.

Each imports what it needs only when it is loaded: LocalStack reads this module at every start.
"""

from typing import Any

from localstack.runtime import hooks
from localstack.runtime.server.core import RuntimeServer, RuntimeServerPlugin
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.plugins import Service, aws_provider

from helpers.engine.settings import has_owner


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    name = "process"

    def load(self, *args: Any, **kwargs: Any) -> Any:
        from helpers.engine.invoke.executor import ProcessExecutor

        return ProcessExecutor


class LoopbackServerPlugin(RuntimeServerPlugin):
    name = "loopback"

    def load(self, *args: Any, **kwargs: Any) -> RuntimeServer:
        from helpers.engine.server import LoopbackServer

        return LoopbackServer()


@aws_provider(api="dynamodb", name="moto")
def dynamodb() -> Service:
    from helpers.engine import moto_services

    return moto_services.dynamodb()


@aws_provider(api="dynamodbstreams", name="moto")
def dynamodbstreams() -> Service:
    from helpers.engine import moto_services

    return moto_services.dynamodbstreams()


@aws_provider(api="kinesis", name="moto")
def kinesis() -> Service:
    from helpers.engine import moto_services

    return moto_services.kinesis()


# The changes to LocalStack and moto, in the order in which they are made. No callable is changed by
# two of them (tests/engine/test_seams.py), so the order of the hooks among each other is free.


@hooks.on_infra_start()
def lab_lean() -> None:
    from helpers.engine import first_use, lean

    first_use.install()
    lean.share_managed_policies()
    lean.keep_fewer_clients()


@hooks.on_infra_start()
def lab_server() -> None:
    from helpers.engine import server

    server.skip_certificate()
    server.skip_name_lookup()
    server.end_at_once()


@hooks.on_infra_start(should_load=has_owner)
def lab_gateway() -> None:
    """Authentication and authorization, in an engine that has an owner."""
    from helpers.engine.gateway import (
        credentials,
        denials,
        front_door,
        function_urls,
        routes,
        signatures,
        task_roles,
        websites,
    )

    front_door.install()
    routes.install()
    credentials.install()
    signatures.install()
    denials.install()
    function_urls.install()
    websites.install()
    task_roles.install()


@hooks.on_infra_start()
def lab_refusals() -> None:
    """The life of a function, from its creation to the end of an invocation."""
    from helpers.engine.invoke import async_queue, in_flight, lambda_provider, lambda_service

    lambda_provider.install()
    lambda_service.install()
    in_flight.install()
    async_queue.install()


@hooks.on_infra_start()
def lab_records() -> None:
    """Objects and logs."""
    from helpers.engine import storage
    from helpers.engine.invoke import log_handler, logs_backend

    storage.install()
    log_handler.install()
    logs_backend.install()


@hooks.on_infra_start()
def lab_events() -> None:
    """Triggers: rules, notifications and event source mappings."""
    from helpers.engine.rules import eventbridge, s3_notifications
    from helpers.engine.streams import workers

    eventbridge.install()
    s3_notifications.install()
    workers.install()


@hooks.on_infra_start()
def lab_clock() -> None:
    from helpers.engine.rules import clock

    clock.install()


@hooks.on_infra_start()
def lab_meter() -> None:
    from helpers.engine.gateway import chain
    from helpers.engine.meter import meter

    chain.install()
    meter.install()
