"""Systems Manager and CloudFormation:
docs.aws.amazon.com/service-authorization/latest/reference/list_ssm.html
docs.aws.amazon.com/service-authorization/latest/reference/list_cloudformation.html
"""

from helpers.aws.iam.actions.model import EVERYTHING, Call, texts
from helpers.aws.iam.actions.rules import (
    Resource,
    Service,
    everything,
    first_of,
    fixed,
    given,
    given_arn,
    needs_each,
    on,
    resource,
)

TAGGED = {  # ResourceType -> the kind of resource in an ARN
    "Association": "association",
    "Automation": "automation-execution",
    "Document": "document",
    "MaintenanceWindow": "maintenancewindow",
    "ManagedInstance": "managed-instance",
    "OpsItem": "opsitem",
    "OpsMetadata": "opsmetadata",
    "PatchBaseline": "patchbaseline",
}


def parameter_arn(call: Call, name: str) -> str:
    """Return the ARN of a parameter: "/shop/key" and "parameter/shop/key" have one slash each.

    A version or label behind a colon belongs to the request, not to the parameter.
    """
    if not name or name.startswith("arn:"):
        return name or EVERYTHING
    return call.arn("ssm", f"parameter/{name.partition(':')[0].lstrip('/')}")


def parameter(call: Call) -> str:
    return parameter_arn(call, call.text("Name"))


def path(call: Call) -> str:
    """Return the path itself, which AWS looks at: not the parameters below it."""
    given = call.text("Path")
    return parameter_arn(call, given.rstrip("/") or "/") if given else EVERYTHING


def _parameters(call: Call) -> list[str]:
    return [parameter_arn(call, name) for name in texts(call.get("Names"))]


def _tagged(call: Call) -> str:
    kind, name = call.text("ResourceType"), call.text("ResourceId")
    if kind == "Parameter":
        return parameter_arn(call, name)
    if not name or kind not in TAGGED:
        return EVERYTHING
    return name if name.startswith("arn:") else call.arn("ssm", f"{TAGGED[kind]}/{name}")


def _ssm(kind: str, *parameters: str) -> Resource:
    return resource("ssm", f"{kind}/{{}}", *parameters)


SSM = Service(
    prefix="ssm",
    default=everything,
    resources={
        **on(
            parameter,
            "DeleteParameter GetParameter GetParameterHistory LabelParameterVersion PutParameter"
            " UnlabelParameterVersion",
        ),
        **on(_tagged, "AddTagsToResource ListTagsForResource RemoveTagsFromResource"),
        **on(
            _ssm("document", "Name"),
            "CreateDocument DeleteDocument DescribeDocument DescribeDocumentPermission GetDocument"
            " ListDocumentMetadataHistory ListDocumentVersions ModifyDocumentPermission"
            " UpdateDocument UpdateDocumentDefaultVersion UpdateDocumentMetadata",
        ),
        **on(_ssm("document", "DocumentName"), "SendCommand StartAutomationExecution"),
        **on(
            _ssm("automation-execution", "AutomationExecutionId"),
            "DescribeAutomationStepExecutions GetAutomationExecution SendAutomationSignal"
            " StopAutomationExecution",
        ),
        **on(
            given_arn("ResourceArn"), "DeleteResourcePolicy GetResourcePolicies PutResourcePolicy"
        ),
        "DescribeParameters": fixed("ssm", "*"),
        "GetParametersByPath": path,
    },
    rules={
        operation: needs_each("ssm", operation, _parameters)
        for operation in ("DeleteParameters", "GetParameters")
    },
    also=given("CreateDocument PutParameter", Tags="AddTagsToResource"),
    context={"Overwrite": "ssm:overwrite", "Recursive": "ssm:recursive"},
)


_stack = resource("cloudformation", "stack/{}/*", "StackName")
_any_stack = resource("cloudformation", "stack/{}/*", "StackName", default="*")
_stack_set = resource("cloudformation", "stackset/{}:*", "StackSetName")

CLOUDFORMATION = Service(
    prefix="cloudformation",
    default=first_of(_stack, _stack_set),
    resources={
        **on(
            everything,
            "CreateGeneratedTemplate CreateStackSet DescribeStackDriftDetectionStatus ListExports",
        ),
        **on(_any_stack, "DescribeStacks ListStacks"),
    },
    context={
        "ChangeSetName": "cloudformation:changesetname",
        "RoleARN": "cloudformation:rolearn",
        "StackPolicyURL": "cloudformation:stackpolicyurl",
        "TemplateURL": "cloudformation:templateurl",
    },
)
