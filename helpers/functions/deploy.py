"""Deploy a function: first plan the steps, then carry them out.

The steps of a deployment, as `lab.deploy` shows them:

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

from helpers.aws.errors import describe_error, error_code
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

# On AWS it takes some seconds until Lambda can assume a new role; until then, it returns this code.
ROLE_TIMEOUT = 30.0
ROLE_NOT_READY = "InvalidParameterValueException"
POLL_OFTEN = {"Delay": 0.1, "MaxAttempts": 1200}

NO_ROLE = "There is no role {role!r} in this lab.{guess} Leave out `role` to have one created."
NO_HANDLER = """\
Which file of {path} holds the handler? There is {names}.
Name it like this: lab.deploy({path!r}, handler="file.function")."""
NOT_ACTIVE = "The function {name} was created or updated, but did not become active: {reason}"

SETTING_NAMES = {
    "Runtime": "runtime",
    "Handler": "handler",
    "Role": "role",
    "Timeout": "time-out",
    "MemorySize": "memory",
    "Environment": "environment variables",
}


@dataclass(frozen=True, repr=False)
class Function(Shown):
    """A function that is deployed and active, and the steps that led there.

    `memory` is in MB, `timeout` in seconds, `size` (of the package) in bytes, `took_ms` in
    milliseconds. Every method of a lab accepts it in place of the function's name.
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
    """One step of a deployment: its description, and the call that does it."""

    description: str
    act: Callable[[], object]


@dataclass(frozen=True)
class FunctionSpec:
    """What a function should be like. With `role` None it has a role of its own.

    A setting that is None stays as it is, or is Lambda's default for a new function.
    """

    name: str
    handler: str
    package: Package
    timeout: int | None = None
    memory: int | None = None
    role: str | None = None
    environment: Mapping[str, str] | None = None

    def settings(self, role_arn: str) -> dict[str, Any]:
        """Return the arguments for create_function and update_function_configuration."""
        variables = None if self.environment is None else {"Variables": dict(self.environment)}
        settings = {
            "Runtime": RUNTIME,
            "Handler": self.handler,
            "Role": role_arn,
            "Timeout": self.timeout,
            "MemorySize": self.memory,
            "Environment": variables,
        }
        return {name: value for name, value in settings.items() if value is not None}


def name_of(function: str | Function) -> str:
    return function.name if isinstance(function, Function) else function


def deploy(
    client: Client, spec: FunctionSpec, *, role_timeout: float = 0.0, clock: Clock = CLOCK
) -> Function:
    """Plan the deployment, carry it out, and return the function.

    `role_timeout` is how many seconds it may take until Lambda can assume the function's new role;
    0 if it can at once. Raises LabError, or the ClientError that AWS returned.
    """
    began = clock.now()
    deployment = Deployment(client, spec, role_timeout, clock)
    steps = deployment.plan()
    for step in steps:
        step.act()
    took_ms = (clock.now() - began) * 1000
    return deployment.function(tuple(step.description for step in steps), took_ms)


class Deployment:
    """Plans the deployment of one function, and has the methods that carry it out."""

    def __init__(
        self, client: Client, spec: FunctionSpec, role_timeout: float, clock: Clock
    ) -> None:
        self.client = client
        self.spec = spec
        self.clock = clock
        self.role_timeout = role_timeout
        self.role_arn = ""

    def plan(self) -> list[Step]:
        """Return the steps still to be done, in order, without changing anything."""
        packaged = Step(f"package {self.spec.package.describe()}", lambda: None)
        return [packaged, *self._plan_role(), *self._plan_function()]

    def _plan_role(self) -> list[Step]:
        if self.spec.role is not None:
            self.role_arn = self._require_role(self.spec.role)
            return [Step(f"use the role {self.role_arn.rsplit('/', 1)[-1]}", lambda: None)]
        self.role_arn = self._find_role(self._own_role) or ""
        iam, own = self.client("iam"), self._own_role
        allow = Step(
            "allow the role to write logs",
            lambda: iam.attach_role_policy(RoleName=own, PolicyArn=WRITE_LOGS),
        )
        if not self.role_arn:
            create = f"create the role {own}, which Lambda may take on"
            return [Step(create, self._create_role), allow]
        use = Step(f"use the role {own}", lambda: None)
        attached = iam.list_attached_role_policies(RoleName=own)["AttachedPolicies"]
        may_write_logs = WRITE_LOGS in [policy["PolicyArn"] for policy in attached]
        return [use] if may_write_logs else [use, allow]

    def _plan_function(self) -> list[Step]:
        current = self._find_function()
        if current is None:
            create = Step("create the function", self._create)
            wait = Step("wait until it is active", lambda: self._wait("function_active_v2"))
            return [create, wait]
        steps = []
        if current["CodeSha256"] != self.spec.package.sha256:
            steps.append(Step("update the code", self._update_code))
        if changed := self._changed_settings(current):
            update = f"update the configuration: {', '.join(changed)}"
            steps.append(Step(update, self._update_settings))
        return steps or [Step("change nothing: it is as wanted already", lambda: None)]

    def _changed_settings(self, current: dict[str, Any]) -> list[str]:
        variables = dict(current.get("Environment", {}).get("Variables", {}))
        now = {**current, "Environment": {"Variables": variables}}
        settings = self.spec.settings(self.role_arn)
        return [SETTING_NAMES[key] for key, value in settings.items() if now.get(key) != value]

    @property
    def _own_role(self) -> str:
        return f"{self.spec.name}-role"

    def _require_role(self, role: str) -> str:
        """Return the role's ARN. Raises LabError if there is no such role."""
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

    def _find_function(self) -> dict[str, Any] | None:
        try:
            return dict(self._lambda.get_function_configuration(FunctionName=self.spec.name))
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

    def _create(self) -> None:
        """Create the function, again and again until Lambda can assume a new role."""
        settings = self.spec.settings(self.role_arn)
        code = {"ZipFile": self.spec.package.data}
        deadline = self.clock.now() + (self.role_timeout if self.spec.role is None else 0)
        while True:
            try:
                self._lambda.create_function(FunctionName=self.spec.name, Code=code, **settings)
                return
            except ClientError as error:
                if error_code(error) != ROLE_NOT_READY or self.clock.now() >= deadline:
                    raise
            self.clock.sleep(1)

    def _update_code(self) -> None:
        self._wait("function_updated_v2")
        data = self.spec.package.data
        self._lambda.update_function_code(FunctionName=self.spec.name, ZipFile=data)
        self._wait("function_updated_v2")

    def _update_settings(self) -> None:
        self._wait("function_updated_v2")
        settings = self.spec.settings(self.role_arn)
        self._lambda.update_function_configuration(FunctionName=self.spec.name, **settings)
        self._wait("function_updated_v2")

    def _wait(self, waiter: str) -> None:
        name = self.spec.name
        try:
            self._lambda.get_waiter(waiter).wait(FunctionName=name, WaiterConfig=POLL_OFTEN)
        except WaiterError as error:
            raise NotDeployed(NOT_ACTIVE.format(name=name, reason=_reason(error))) from None

    def function(self, steps: tuple[str, ...], took_ms: float) -> Function:
        """Return the function as it is now in the cloud."""
        now = self._lambda.get_function_configuration(FunctionName=self.spec.name)
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


def _reason(error: WaiterError) -> str:
    """Return AWS's reason, from the last response that the waiter received."""
    last = error.last_response or {}
    if "Error" in last:
        return describe_error(ClientError(last, "wait"))
    state = last.get("StateReason") or last.get("LastUpdateStatusReason")
    return str(state or last.get("State") or error)


def spec_from(
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
) -> FunctionSpec:
    """Return the spec for that file or folder. Function and handler are named after the file."""
    module = Path(handler).stem if handler else _handler_module(path)
    return FunctionSpec(
        name=name or module,
        handler=handler or f"{module}.handler",
        package=package(path, packages=packages, find=find),
        timeout=timeout,
        memory=memory,
        role=role,
        environment=environment,
    )


def _handler_module(path: Path) -> str:
    """Return the module with the handler: the file itself, or the folder's only or obvious one."""
    if not path.is_dir():
        return path.stem
    modules = sorted(file.stem for file in path.glob("*.py"))
    if path.name in modules:
        return path.name
    if len(modules) != 1:
        names = ", ".join(f"{module}.py" for module in modules) or "no .py file"
        raise NotPackaged(NO_HANDLER.format(path=path.name, names=names))
    return modules[0]
