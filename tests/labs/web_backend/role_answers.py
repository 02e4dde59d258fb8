"""Wrong and right answers to the exercise role of lab 02."""

from helpers.functions.deploy import WRITE_LOGS
from tests.notebooks.answers import Answer, Worked

worked = Worked("web-backend")

ARN, ACTION, ALLOW = "products.table_arn", '"dynamodb:Query"', '"Allow"'
FUNCTION_ARN = 'f"arn:aws:lambda:us-east-1:{lab.account}:function:catalogue"'
POLICY_ARN = 'f"arn:aws:iam::{lab.account}:policy/query-products"'
READ_ONLY = 'PolicyArn="arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"'
PUT = 'iam.put_role_policy(\n    RoleName="catalogue-role", '
ON_TABLE = "dynamodb.meta.client.{}_resource_policy(ResourceArn=products.table_arn{})"
WIDE = 'policy | {"Statement": [statement | {"Action": "dynamodb:*"}]}'
CATALOGUE = 'boto3.client("lambda").{}_permission(FunctionName="catalogue", StatementId="table"{})'


def elsewhere(says: str, *cells: str, undo: str | tuple[str, ...]) -> Answer:
    """Return an answer that puts the policy anywhere but into the function's role."""
    return worked.cells("role", *cells, says=says, undo=undo)


ROLE_WRONG = (
    *worked.swap(
        "role",
        ARN,
        {
            "carts.table_arn": "role: least-privilege.other-resource",
            f'{ARN}.replace("products", "product")': "role: least-privilege.other-resource",
            f'{ARN}.replace("table/", "")': "role: least-privilege.other-resource",
            FUNCTION_ARN: "role: least-privilege.other-resource",
            f'{ARN} + "/index/*"': "role: least-privilege.index",
            f'{ARN}, "Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}': (
                "role: least-privilege.condition"
            ),
            '"*"': "role: least-privilege.wild-resource",
            f'{ARN}.replace("products", "*")': "role: least-privilege.wild-resource",
            f'{ARN}.replace("us-east-1", "*")': "role: least-privilege.wild-resource",
        },
    ),
    *worked.swap(
        "role",
        ACTION,
        {
            '"dynamodb:GetItem"': "role: least-privilege.other-action",
            '"dynamodb:Scan"': "role: least-privilege.other-action",
            '"dynamodb:Querry"': "role: least-privilege.no-such-action",
            '"dynamodb:*"': "role: least-privilege.wild-action",
            '["dynamodb:Query", "dynamodb:PutItem"]': "role: least-privilege.leave-out",
        },
    ),
    *worked.swap(
        "role",
        ALLOW,
        {
            '"Allow", "Principal": "*"': "role: least-privilege.principal",
            '"Deny"': "role: least-privilege.denied",
        },
    ),
    worked.mutate(
        "role",
        (ACTION, '"lambda:InvokeFunction"'),
        (ARN, FUNCTION_ARN),
        says="role: least-privilege.missing",
    ),
    worked.mutate("role", (ACTION, '"*"'), (ARN, '"*"'), says="role: least-privilege.wild-action"),
    worked.mutate(
        "role",
        (f'"Action": {ACTION}', '"NotAction": "dynamodb:PutItem"'),
        says="role: least-privilege.all-but",
    ),
    worked.mutate(
        "role",
        says="role: least-privilege.not-needed",
        then=f'{PUT}PolicyName="try", PolicyDocument=json.dumps({WIDE}))',
    ),
    worked.mutate(
        "role",
        says="role: least-privilege.no-logs",
        then=f'iam.detach_role_policy(RoleName="catalogue-role", PolicyArn="{WRITE_LOGS}")',
    ),
    elsewhere(
        "role: least-privilege.managed-by-aws",
        f'iam.attach_role_policy(RoleName="catalogue-role", {READ_ONLY})',
        undo=(),
    ),
    worked.mutate(
        "role",
        (PUT, "iam.create_policy("),
        says="role: misplaced-policy.not-attached",
        undo=f"iam.delete_policy(PolicyArn={POLICY_ARN})",
    ),
    worked.mutate(
        "role",
        (PUT, PUT.replace("catalogue", "products")),
        says="role: misplaced-policy.other-role",
        first=(
            'trust = boto3.client("iam").get_role(RoleName="catalogue-role")["Role"]',
            'boto3.client("iam").create_role(RoleName="products-role", AssumeRolePolicyDocument='
            'json.dumps(trust["AssumeRolePolicyDocument"]))',
        ),
        undo='iam.delete_role_policy(RoleName="products-role", PolicyName="query-products")\n'
        'iam.delete_role(RoleName="products-role")',
    ),
    elsewhere(
        "role: misplaced-policy.resource-policy",
        f'one = {{"Effect": "Allow", "Principal": "*", "Action": {ACTION}, "Resource": {ARN}}}\n'
        'policy = json.dumps({"Version": "2012-10-17", "Statement": [one]})',
        ON_TABLE.format("put", ", Policy=policy"),
        undo=ON_TABLE.format("delete", ""),
    ),
    elsewhere(
        "role: misplaced-policy.function-policy",
        CATALOGUE.format(
            "add", ', Principal="dynamodb.amazonaws.com", Action="lambda:InvokeFunction"'
        ),
        undo=CATALOGUE.format("remove", ""),
    ),
)

ROLE_RIGHT = (
    worked.mutate("role", (ACTION, f"[{ACTION}]"), (ARN, f"[{ARN}]")),
    worked.mutate("role", (ACTION, '"dynamodb:query"'), (ALLOW, '"Allow", "Sid": "Products"')),
    worked.mutate("role", (ARN, f'[{ARN}, {ARN} + "/index/*"]')),
    worked.mutate("role", ("[statement]", "statement"), ("query-products", "any-name")),
    worked.mutate(
        "role",
        (PUT, "made = iam.create_policy("),
        then='iam.attach_role_policy(RoleName="catalogue-role", PolicyArn=made["Policy"]["Arn"])',
        undo=(
            'iam.detach_role_policy(RoleName="catalogue-role", PolicyArn=made["Policy"]["Arn"])',
            'iam.delete_policy(PolicyArn=made["Policy"]["Arn"])',
        ),
    ),
)
