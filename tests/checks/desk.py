"""A learner's desk at a lab, without a notebook: work is done by plain calls, and then checked."""

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from helpers.cloud.engine import Ask, no_engine
from helpers.course.registry import exercises_of
from helpers.exercises.exercise import find_exercise
from helpers.exercises.judge import judge
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Verdict
from helpers.functions.deploy import TRUST_LAMBDA, WRITE_LOGS


class Desk:
    def __init__(
        self, lab: str, client: Callable[..., Any], folder: Path, engine: Ask = no_engine
    ) -> None:
        self.exercises = exercises_of(lab)
        self.client = cache(client)
        self.engine = engine
        self.folder = folder / lab.replace("-", "_")
        self.folder.mkdir()
        self.namespace: dict[str, Any] = {}

    @property
    def probe(self) -> Probe:
        return Probe(self.client, self.folder, self.namespace, engine=self.engine)

    def check(self, name: str) -> Verdict:
        return judge(find_exercise(self.exercises, name), self.probe)

    def role_named(self, name: str, *allowed: dict[str, Any]) -> str:
        """The ARN of a role that Lambda may assume, and that allows this beside writing logs."""
        iam = self.client("iam")
        with suppress(iam.exceptions.EntityAlreadyExistsException):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA))
        iam.attach_role_policy(RoleName=name, PolicyArn=WRITE_LOGS)
        if allowed:
            policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
            iam.put_role_policy(RoleName=name, PolicyName="desk", PolicyDocument=policy)
        return str(iam.get_role(RoleName=name)["Role"]["Arn"])

    def write(self, name: str, code: str) -> None:
        (self.folder / name).write_text(code)

    def resource(self, api: str, path: str) -> str:
        """The id of the API's resource at that path, which is made if it is not there."""
        gateway, at = self.client("apigateway"), ""
        found = {each["path"]: each["id"] for each in gateway.get_resources(restApiId=api)["items"]}
        for part in path.strip("/").split("/"):
            above, at = found[at or "/"], f"{at}/{part}"
            if at not in found:
                made = gateway.create_resource(restApiId=api, parentId=above, pathPart=part)
                found[at] = made["id"]
        return found[at]

    def connect(self, api: str, verb: str, path: str, function: str, source: str = "") -> None:
        """Make a method of the API, its integration and, under the name "api", the permission.

        `source` is what the permission names of the API; without it, everybody's API may call.
        """
        gateway, aws = self.client("apigateway"), self.client("lambda")
        arn = aws.get_function_configuration(FunctionName=function)["FunctionArn"]
        where = {"restApiId": api, "resourceId": self.resource(api, path), "httpMethod": verb}
        gateway.put_method(**where, authorizationType="NONE")
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
        proxy = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": uri}
        gateway.put_integration(**where, **proxy)
        account = arn.split(":")[4]
        own = {"SourceArn": f"arn:aws:execute-api:us-east-1:{account}:{api}/{source}"}
        aws.add_permission(
            FunctionName=function,
            StatementId="api",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            **(own if source else {}),
        )


class Shop(Desk):
    """The desk of lab 01: files, functions and the role are a line each."""

    def __init__(self, client: Callable[..., Any], folder: Path) -> None:
        super().__init__("first-function", client, folder)
        self.aws = self.client("lambda")

    def role(self) -> str:
        return self.role_named("greeter-role")

    def create(self, name: str, code: str, **settings: Any) -> None:
        """Write the function's file and create the function from it."""
        self.write(f"{name}.py", code)
        given = {
            "Runtime": "python3.13",
            "Role": self.role(),
            "Handler": f"{name}.handler",
            "Code": {"ZipFile": zip_of({f"{name}.py": code})},
        }
        self.aws.create_function(FunctionName=name, **(given | settings))
        self.aws.get_waiter("function_active_v2").wait(FunctionName=name)

    def upload(self, name: str, code: str) -> None:
        """Write the function's file and bring it to the cloud."""
        self.write(f"{name}.py", code)
        data = zip_of({f"{name}.py": code})
        self.aws.update_function_code(FunctionName=name, ZipFile=data)
        self.aws.get_waiter("function_updated_v2").wait(FunctionName=name)

    def configure(self, name: str, **settings: Any) -> None:
        self.aws.update_function_configuration(FunctionName=name, **settings)
        self.aws.get_waiter("function_updated_v2").wait(FunctionName=name)


def zip_of(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()
