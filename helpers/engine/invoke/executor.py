"""An execution environment, with a process in place of LocalStack's container.

LocalStack decides when an environment is started, reused and stopped. This module is about what
happens in it: a cold start, an invocation, a timeout, a crash, and the log lines of each.
"""

import math
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path

from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from helpers.aws import report
from helpers.engine.invoke.process import Folders, FunctionProcess
from helpers.engine.invoke.runtime_api import Call, RuntimeApi
from helpers.engine.invoke.runtime_folder import make_runtime_folder

# Lambda's limits: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html and
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (2026-11-21).
RESPONSE_LIMIT = 6 * 1024 * 1024 + 100  # bytes
INIT_LIMIT = 10.0  # seconds
MEMORY_CHECK = 0.05  # seconds between two checks of the process's memory
INIT_CHECK = 0.01  # the same during a cold start, where a process may end within a short time
CLOSED_CHECK = 0.05  # for the process to end; a client that was idle for 118 s just reconnects

LOOPBACK = "127.0.0.1"
STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))

# The prefixes of variables that LocalStack's container needs, and that AWS doesn't set.
NOT_ON_AWS = ("LOCALSTACK_", "EDGE_PORT", "AWS_LAMBDA_FUNCTION_TIMEOUT")


class Ended(Exception):
    """The function's process can't respond any more."""

    def __init__(self, failure: report.Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass
class Runtime:
    """A started process, and the Runtime API that it calls."""

    api: RuntimeApi
    process: FunctionProcess
    memory_mb: int
    peak_mb: int = 0  # of memory, so far
    waiting: Call | None = None  # its request for the next invocation

    def call(self, deadline: float, limit: float, check: float = MEMORY_CHECK) -> Call:
        """Return the next call. Raises Ended if time (`limit`), memory or the process is over."""
        while True:
            remaining = deadline - time.perf_counter()
            if remaining <= 0:
                raise Ended(report.timed_out(limit))
            try:
                call = self.api.next_call(min(remaining, check))
            except ConnectionResetError:
                if self.process.ends_within(CLOSED_CHECK):
                    raise Ended(report.exited(self.process.exit_reason())) from None
                continue
            self.peak_mb = max(self.peak_mb, self.process.peak_memory_mb())
            if self.peak_mb > self.memory_mb:
                raise Ended(report.out_of_memory())
            if call:
                return call
            if not self.process.is_alive():
                raise Ended(report.exited(self.process.exit_reason()))

    def close(self) -> None:
        self.process.close()
        self.api.close()


@dataclass
class Init:
    """A cold start: how long it took, what it printed, and how it failed, if it did."""

    duration_ms: float = 0
    output: str = ""
    failed: report.Failure | None = None


@dataclass
class Outcome:
    """The outcome of an invocation: the body of the result, or a failure."""

    body: bytes
    is_error: bool = False
    failed: report.Failure | None = None


class ProcessExecutor(RuntimeExecutor):
    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self._runtime: Runtime | None = None
        self._init: Init | None = None  # until it has been logged
        self._environment: dict[str, str] = {}

    # LocalStack's interface

    def start(self, env_vars: dict[str, str]) -> None:
        self._environment = {
            name: str(value)
            for name, value in env_vars.items()
            if not name.startswith(NOT_ON_AWS) and value is not None
        }
        self._init = self._cold_start()

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        request_id = payload["invoke-id"]
        log = [self._notice_end()]
        if self._runtime is None:
            self._init = self._cold_start()
        init, self._init = self._init, None
        config, runtime = self.function_version.config, self._runtime
        assert runtime
        if init:
            log += [report.init_start(config.runtime), init.output]
        log.append(report.start(request_id, str(self.function_version.id.qualifier)))

        started = time.perf_counter()
        outcome = self._run(runtime, payload, init)
        duration_ms = (time.perf_counter() - started) * 1000

        log += [runtime.process.take_output(), report.failure(request_id, outcome.failed)]
        log += report.end(
            request_id,
            duration_ms=duration_ms,
            init_ms=init.duration_ms if init else None,
            memory_mb=runtime.memory_mb,
            max_memory_mb=runtime.peak_mb,
            failed=outcome.failed,
        )
        if outcome.failed:
            self._close_runtime()
        if outcome.is_error:
            outcome.body = self._with_paths_of_aws(outcome.body.decode()).encode()
        lines = report.Log(self._with_paths_of_aws(line) for line in log)
        return InvocationResult(request_id, outcome.body, is_error=outcome.is_error, logs=lines)

    def stop(self) -> None:
        self._close_runtime()
        self._folders.remove()

    def get_address(self) -> str:
        return LOOPBACK

    def get_endpoint_from_executor(self) -> str:
        return LOOPBACK

    def get_runtime_endpoint(self) -> str:
        return self._runtime.api.address if self._runtime else ""

    def get_logs(self) -> str:
        return self._runtime.process.take_output() if self._runtime else ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Keep the code: versions share it, and LocalStack deletes it with the function."""

    # The process

    def _cold_start(self) -> Init:
        """Start the process, and wait until it requests an invocation, or fails."""
        started = time.perf_counter()
        self._runtime = runtime = self._open_runtime()
        init = Init()
        try:
            call = runtime.call(started + INIT_LIMIT, INIT_LIMIT, INIT_CHECK)
            if call.requests_invocation:
                runtime.waiting = call
            else:  # /init/error, the only other call at this point
                call.answer(HTTPStatus.ACCEPTED)
                runtime.process.exit_reason()  # it ends by itself: wait for its last output
                init.failed = report.reported_by_runtime(call.body)
        except Ended as ended:
            init.failed = ended.failure
        init.duration_ms = (time.perf_counter() - started) * 1000
        init.output = runtime.process.take_output()
        return init

    def _open_runtime(self) -> Runtime:
        config = self.function_version.config
        config.code.prepare_for_execution()
        api = RuntimeApi()
        environment = self._environment | {
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{config.runtime}",
            "AWS_EC2_METADATA_DISABLED": "true",
            "LAMBDA_TASK_ROOT": str(self._folders.task),
            "LAMBDA_RUNTIME_DIR": str(self._folders.runtime),
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self._folders.tmp),
            "TMPDIR": str(self._folders.tmp),
        }
        process = FunctionProcess(self._folders, config.handler, environment)
        api.serve(process.pid)
        return Runtime(api, process, int(config.memory_size))

    def _notice_end(self) -> str:
        """Return a log line if the process has ended since the last invocation, else ""."""
        if not self._runtime or self._init or self._runtime.process.is_alive():
            return ""
        reason = self._runtime.process.exit_reason()
        self._close_runtime()
        return f"{reason} between two invocations; this one is a cold start\n"

    def _close_runtime(self) -> None:
        runtime, self._runtime = self._runtime, None
        if runtime:
            runtime.close()

    # An invocation

    def _run(self, runtime: Runtime, payload: dict[str, str], init: Init | None) -> Outcome:
        request_id = payload["invoke-id"]
        failed = init.failed if init else None
        limit = float(self.function_version.config.timeout)
        deadline = time.perf_counter() + limit
        try:
            if failed:
                raise Ended(failed)
            self._send(runtime, payload, deadline, limit)
            call = runtime.call(deadline, limit)
            call.answer(HTTPStatus.ACCEPTED)
            if len(call.body) > RESPONSE_LIMIT:
                raise Ended(report.response_too_large(RESPONSE_LIMIT))
        except Ended as ended:
            body = ended.failure.payload(request_id)
            return Outcome(body, is_error=True, failed=ended.failure)
        return Outcome(call.body, is_error=call.is_error)

    def _send(
        self, runtime: Runtime, payload: dict[str, str], deadline: float, limit: float
    ) -> None:
        request = runtime.waiting or runtime.call(deadline, limit)
        runtime.waiting = None
        due_ms = math.floor((time.time() + limit) * 1000)
        request.answer(
            HTTPStatus.OK,
            payload["payload"].encode(),
            {
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": payload["invoke-id"],
                "Lambda-Runtime-Deadline-Ms": str(due_ms),
                "Lambda-Runtime-Invoked-Function-Arn": payload["invoked-function-arn"],
                "Lambda-Runtime-Trace-Id": payload["trace-id"],
            },
        )

    @cached_property
    def _folders(self) -> Folders:
        root = Path(tempfile.gettempdir())
        return Folders(
            task=self.function_version.config.code.get_unzipped_code_location(),
            runtime=make_runtime_folder(root / "runtime"),
            own=root / "environments" / self.id,
        )

    def _with_paths_of_aws(self, text: str) -> str:
        """Return a log line or an error with the paths that a traceback has on AWS."""
        paths = {
            self._folders.task: "/var/task",
            self._folders.runtime: "/var/runtime",
            STANDARD_LIBRARY: "/var/lang/lib/python",
        }
        for here, on_aws in paths.items():
            text = text.replace(str(here), on_aws)
        return text
