"""A REST API for tests."""

from typing import Any

import requests

from tests.engine.support import Aws


class Api:
    """A REST API whose resources invoke one function, deployed to the stage `dev`."""

    def __init__(
        self, aws: Aws, endpoint: str, function: str, *paths: str, allowed: str = "*"
    ) -> None:
        self.aws, self.gateway = aws, aws.apigateway
        self.id = self.gateway.create_rest_api(name="api")["id"]
        self.uri = (
            f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
        )
        for path in paths:
            self._add(path)
        self.gateway.create_deployment(restApiId=self.id, stageName="dev")
        aws.allow(
            "apigateway.amazonaws.com",
            f"arn:aws:execute-api:us-east-1:{aws.account}:{self.id}/{allowed}",
        )
        self.url = f"{endpoint}/_aws/execute-api/{self.id}/dev"

    def _add(self, path: str) -> None:
        resources = self.gateway.get_resources(restApiId=self.id)["items"]
        parent = next(one["id"] for one in resources if one["path"] == "/")
        for part in path.strip("/").split("/"):
            made = self.gateway.create_resource(restApiId=self.id, parentId=parent, pathPart=part)
            parent = made["id"]
        method = {"restApiId": self.id, "resourceId": parent, "httpMethod": "ANY"}
        self.gateway.put_method(**method, authorizationType="NONE")
        self.gateway.put_integration(
            **method, type="AWS_PROXY", integrationHttpMethod="POST", uri=self.uri
        )

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        return requests.request(method, self.url + path, timeout=10, **more)
