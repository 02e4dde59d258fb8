"""Deploy a function: first decide what has to be done, then do it step by step.

A deployment's steps, as `lab.deploy` shows them:

    Function greeter is ready: 128 MB, 3 s, deployed in 212.4 ms
      ✓ package greeter.py
      ✓ create the role greeter-role, which Lambda may take on
      ✓ allow the role to write logs
      ✓ create the function
      ✓ wait until it is active
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from helpers.aws.errors import error_code, error_words
from helpers.cloud.clients import Client
from helpers.display import Card, Shown, Tone, milliseconds
from helpers.errors import LabError, NotDeployed, NotPackaged, did_you_mean
from helpers.functions.package import Find, Package, installed, package
from helpers.system.clock import CLOCK, Clock

# The same on every machine, so that a lab shows the same everywhere; the embedded cloud runs
# functions with the Python that the course runs with.
RUNTIME = "python3.13"
WRITE_LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
TRUST_LAMBDA = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}

# AWS takes some seconds until Lambda hears of a new role (and says so with this code).
ROLE_PATIENCE = 30.0
ROLE_NOT_READY = "InvalidParameterValueException"
OFTEN = {"Delay": 0.1, "MaxAttempts": 1200}

NO_ROLE = "There is no role {role!r} in this lab.{guess} Leave `role` out to have one made."
NO_HANDLER = """\
Which file of {path} holds the handler? There is {names}.
Say it like this: lab.deploy({path!r}, handler="file.function")."""
NOT_ACTIVE = "The function {name} was sent, but did not become active: {reason}"


@dataclass(frozen=True, repr=False)
class Function(Shown):
    """A function that is deployed and ready, and what was done for it.

    `memory` is in MB, `timeout` in seconds, `size` (of the package) in bytes, `took_ms` in
    milliseconds. Every verb of a lab takes it in the place of its name.
    """

    name: str
    arn: str
    handler: str
    role: str
    memory: int
    timeout: int
    size: int
    sha256: str
    steps: tuple[str, ...] = ()
    took_ms: float = 0.0

    def _card(self) -> Card:
        size, took = f"{self.memory} MB, {self.timeout} s", milliseconds(self.took_ms)
        title = f"Function {self.name} is ready: {size}, deployed in {took}"
        return Card(Tone.GOOD, title, tuple(f"✓ {step}" for step in self.steps))


@dataclass(frozen=True)
class Step:
    """One thing to do: in words, and as the call that does it."""

    words: str
    act: Callable[[], object]


@dataclass(frozen=True)
class Wanted:
    """What a deployment should lead to. `role` None means one of the function's own.

    A setting that is None stays as it is; a new function has Lambda's default for it.
    """

    name: str
    handler: str
    package: Package
    timeout: int | None = None
    memory: int | None = None
    role: str | None = None
    environment: Mapping[str, str] | None = None

    def settings(self, role_arn: str) -> dict[str, Any]:
        """As create_function and update_function_configuration take them."""
        variables = None if self.environment is None else {"Variables": dict(self.environment)}
        wanted = {
            "Runtime": RUNTIME,
            "Handler": self.handler,
            "Role": role_arn,
            "Timeout": self.timeout,
            "MemorySize": self.memory,
            "Environment": variables,
        }
        return {name: value for name, value in wanted.items() if value is not None}


def name_of(function: str | Function) -> str:
    return function.name if isinstance(function, Function) else function


def deploy(
    client: Client, wanted: Wanted, *, role_patience: float = 0.0, clock: Clock = CLOCK
) -> Function:
    """Plan the deployment, carry it out, and give back the function that is then there.

    `role_patience` is how many seconds the function's own role may take to be known to Lambda,
    0 where it is known at once. Raises LabError, and leaves what AWS itself objects to as it is.
    """
    began = clock.now()
    deployment = Deployment(client, wanted, role_patience, clock)
    steps = deployment.plan()
    for step in steps:
        step.act()
    took_ms = (clock.now() - began) * 1000
    return deployment.function(tuple(step.words for step in steps), took_ms)


class Deployment:
    """Decides what one function needs (`plan`), and has the calls that do it."""

    def __init__(self, client: Client, wanted: Wanted, role_patience: float, clock: Clock) -> None:
        self.client = client
        self.wanted = wanted
        self.clock = clock
        self.role_patience = role_patience
        self.role_arn = ""

    def plan(self) -> list[Step]:
        """The steps still to be done, in order; it looks, and changes nothing."""
        packaged = Step(f"package {self.wanted.package.words()}", lambda: None)
        return [packaged, *self._plan_role(), *self._plan_function()]

    def _plan_role(self) -> list[Step]:
        if self.wanted.role is not None:
            self.role_arn = self._given_role(self.wanted.role)
            return [Step(f"use the role {self._role_name()}", lambda: None)]
        self.role_arn = self._find_role(self._own_role) or ""
        allow = Step("allow the role to write logs", self._allow_logs)
        if not self.role_arn:
            words = f"create the role {self._own_role}, which Lambda may take on"
            return [Step(words, self._create_role), allow]
        use = Step(f"use the role {self._own_role}", lambda: None)
        return [use] if self._may_write_logs() else [use, allow]

    def _plan_function(self) -> list[Step]:
        current = self._find_function()
        if current is None:
            create = Step("create the function", self._create)
            return [create, Step("wait until it is active", self._wait_until_active)]
        changes = [*self._plan_code(current), *self._plan_settings(current)]
        return changes or [Step("change nothing: it is as wanted already", lambda: None)]

    def _plan_code(self, current: dict[str, Any]) -> list[Step]:
        if current["CodeSha256"] == self.wanted.package.sha256:
            return []
        return [Step("update the code", self._update_code)]

    def _plan_settings(self, current: dict[str, Any]) -> list[Step]:
        wanted = self.wanted.settings(self.role_arn)
        now = {**current, "Environment": {"Variables": _variables(current)}}
        changed = [key for key, value in wanted.items() if now.get(key) != value]
        if not changed:
            return []
        words = ", ".join(SETTING_WORDS[key] for key in changed)
        return [Step(f"update the configuration: {words}", self._update_settings)]

    @property
    def _own_role(self) -> str:
        return f"{self.wanted.name}-role"

    def _role_name(self) -> str:
        return self.role_arn.rsplit("/", 1)[-1]

    def _given_role(self, role: str) -> str:
        if role.startswith("arn:"):
            return role
        arn = self._find_role(role)
        if arn is None:
            pages = self.client("iam").get_paginator("list_roles").paginate()
            known = [each["RoleName"] for page in pages for each in page["Roles"]]
            raise LabError(NO_ROLE.format(role=role, guess=did_you_mean(role, known)))
        return arn

    def _find_role(self, role: str) -> str | None:
        try:
            return str(self.client("iam").get_role(RoleName=role)["Role"]["Arn"])
        except ClientError as error:
            if error_code(error) != "NoSuchEntity":
                raise
            return None

    def _may_write_logs(self) -> bool:
        attached = self.client("iam").list_attached_role_policies(RoleName=self._own_role)
        return WRITE_LOGS in [policy["PolicyArn"] for policy in attached["AttachedPolicies"]]

    def _find_function(self) -> dict[str, Any] | None:
        try:
            return dict(self._lambda.get_function_configuration(FunctionName=self.wanted.name))
        except ClientError as error:
            if error_code(error) != "ResourceNotFoundException":
                raise
            return None

    @property
    def _lambda(self) -> Any:
        return self.client("lambda")

    def _create_role(self) -> None:
        answer = self.client("iam").create_role(
            RoleName=self._own_role, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA)
        )
        self.role_arn = answer["Role"]["Arn"]

    def _allow_logs(self) -> None:
        self.client("iam").attach_role_policy(RoleName=self._own_role, PolicyArn=WRITE_LOGS)

    def _create(self) -> None:
        """Again and again while a new role may still be on its way to Lambda."""
        settings = self.wanted.settings(self.role_arn)
        code = {"ZipFile": self.wanted.package.data}
        patience = self.role_patience if self.wanted.role is None else 0
        deadline = self.clock.now() + patience
        while True:
            try:
                self._lambda.create_function(FunctionName=self.wanted.name, Code=code, **settings)
                return
            except ClientError as error:
                if error_code(error) != ROLE_NOT_READY or self.clock.now() >= deadline:
                    raise
            self.clock.sleep(1)

    def _update_code(self) -> None:
        self._wait_until_updated()
        data = self.wanted.package.data
        self._lambda.update_function_code(FunctionName=self.wanted.name, ZipFile=data)
        self._wait_until_updated()

    def _update_settings(self) -> None:
        self._wait_until_updated()
        settings = self.wanted.settings(self.role_arn)
        self._lambda.update_function_configuration(FunctionName=self.wanted.name, **settings)
        self._wait_until_updated()

    def _wait_until_active(self) -> None:
        self._wait("function_active_v2")

    def _wait_until_updated(self) -> None:
        self._wait("function_updated_v2")

    def _wait(self, waiter: str) -> None:
        try:
            self._lambda.get_waiter(waiter).wait(FunctionName=self.wanted.name, WaiterConfig=OFTEN)
        except WaiterError as error:
            reason = _reason(error)
            raise NotDeployed(NOT_ACTIVE.format(name=self.wanted.name, reason=reason)) from None

    def function(self, steps: tuple[str, ...], took_ms: float) -> Function:
        """The function as the cloud now has it."""
        now = self._lambda.get_function_configuration(FunctionName=self.wanted.name)
        return Function(
            name=now["FunctionName"],
            arn=now["FunctionArn"],
            handler=now["Handler"],
            role=now["Role"],
            memory=now["MemorySize"],
            timeout=now["Timeout"],
            size=now["CodeSize"],
            sha256=now["CodeSha256"],
            steps=steps,
            took_ms=took_ms,
        )


SETTING_WORDS = {
    "Runtime": "runtime",
    "Handler": "handler",
    "Role": "role",
    "Timeout": "time-out",
    "MemorySize": "memory",
    "Environment": "environment variables",
}


def _variables(configuration: Mapping[str, Any]) -> dict[str, str]:
    return dict(configuration.get("Environment", {}).get("Variables", {}))


def _reason(error: WaiterError) -> str:
    """AWS's own words, from the last answer that the waiter had."""
    last = error.last_response or {}
    if "Error" in last:
        return error_words(ClientError(last, "wait"))
    state = last.get("StateReason") or last.get("LastUpdateStatusReason")
    return str(state or last.get("State") or error)


def wanted_from(
    path: Path,
    name: str | None = None,
    *,
    handler: str | None = None,
    packages: Iterable[str] = (),
    find: Find = installed,
    role: str | None = None,
    timeout: int | None = None,
    memory: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Wanted:
    """What deploying that file or folder asks for; names left out come from the file's name."""
    module = Path(handler).stem if handler else _handler_module(path)
    return Wanted(
        name=name or module,
        handler=handler or f"{module}.handler",
        package=package(path, packages=packages, find=find),
        timeout=timeout,
        memory=memory,
        role=role,
        environment=environment,
    )


def _handler_module(path: Path) -> str:
    """The module with the handler: the file itself, or the folder's only or obvious one."""
    if not path.is_dir():
        return path.stem
    modules = sorted(file.stem for file in path.glob("*.py"))
    if path.name in modules:
        return path.name
    if len(modules) != 1:
        names = ", ".join(f"{module}.py" for module in modules) or "no .py file"
        raise NotPackaged(NO_HANDLER.format(path=path.name, names=names))
    return modules[0]
