"""The desk of lab 02: its tables, its roles and its API, and the shop in a line."""

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

from helpers.cloud.engine import Ask, no_engine
from helpers.course.project import find_project
from helpers.functions.deploy import deploy, spec_from
from helpers.sheets import worked_answer
from tests.checks.desk import Desk

SHIPPED = find_project().data("web-backend") / "shop"
GIVEN = json.loads(files("helpers.labs.web_backend").joinpath("given.json").read_text("utf-8"))
PROXY = "/{proxy+}"


class Counter(Desk):
    """`api` is the id of an API named `shop` that has only its root so far."""

    def __init__(self, client: Any, folder: Path, engine: Ask = no_engine) -> None:
        super().__init__("web-backend", client, folder, engine)
        self.aws, self.gateway = self.client("lambda"), self.client("apigateway")
        self.iam = self.client("iam")
        self._make_table("products", "category", "id")
        self._make_table("carts", "cart")
        query = self.right("dynamodb:Query", "products")
        self.role_named("catalogue-role", query)
        change = self.right(["dynamodb:GetItem", "dynamodb:PutItem"], "carts")
        self.role_named("shop-role", query, change)
        shutil.copytree(SHIPPED, self.folder / "shop")
        self.api = self.gateway.create_rest_api(name="shop")["id"]

    def _make_table(self, name: str, *keys: str) -> None:
        kinds = zip(keys, ("HASH", "RANGE"), strict=False)
        self.client("dynamodb").create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in kinds],
            BillingMode="PAY_PER_REQUEST",
        )

    def right(self, action: str | list[str], table: str) -> dict[str, Any]:
        found = self.client("dynamodb").describe_table(TableName=table)
        return {"Effect": "Allow", "Action": action, "Resource": found["Table"]["TableArn"]}

    def put_policy(self, *statements: dict[str, Any], role: str = "catalogue-role") -> None:
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=policy)

    def deploy(self, path: str) -> str:
        return deploy(self.client, spec_from(self.folder / path, timeout=10)).arn

    def answer(self, *exercises: str) -> None:
        """Write the files of these worked answers."""
        for exercise in exercises:
            for cell in worked_answer("web-backend", exercise):
                head, _, text = cell.partition("\n")
                if head.startswith("%%writefile"):
                    self.write(head.partition("web_backend/")[2], f"{text}\n")

    def catalogue(self, code: str = "") -> None:
        """Deploy the catalogue, that of the worked answer if no other is given."""
        self.answer("decimal")
        if code:
            self.write("catalogue.py", code)
        self.deploy("catalogue.py")

    def publish(self, stage: str = "live") -> None:
        self.gateway.create_deployment(restApiId=self.api, stageName=stage)

    def open(self) -> None:
        """Deploy the shop and connect it, as its first exercise finds it."""
        self.deploy("shop")
        self.connect(self.api, "ANY", PROXY, "shop", "*")
        self.publish()

    def remove_proxy(self) -> None:
        """Leave an API without the greedy resource, and deploy that."""
        self.gateway.delete_resource(restApiId=self.api, resourceId=self.resource(self.api, PROXY))
        other = self.resource(self.api, "/other")
        where = {"restApiId": self.api, "resourceId": other, "httpMethod": "GET"}
        self.gateway.put_method(**where, authorizationType="NONE")
        self.gateway.put_integration(**where, type="MOCK")
        self.publish()
