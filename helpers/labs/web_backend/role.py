"""Exercise role: the one right that the function's role lacks, and no right besides.

The role's policies are read first, since they name the mistake. Then the function is invoked and
has to reach its table; what it makes of the answer is the next exercise's matter.
"""

from helpers.checks import Probe
from helpers.checks.function import ask, failure
from helpers.checks.least_privilege import empty_role, require_least_privilege
from helpers.checks.rights import Excess, Need
from helpers.labs.web_backend.shelf import TABLE, fill_shelf

NAME, OWN_ROLE = "catalogue", "catalogue-role"
GATEWAY = "apigateway.amazonaws.com"  # a later exercise lets it invoke the function
QUERY = "dynamodb:Query"

DONE = "With its role `catalogue` can query the table `products`, and do nothing else with it."

EXCESSES = (  # the worst first
    ("iam:PutRolePolicy", "arn:aws:iam::{account}:role/any", "give itself any right"),
    ("s3:GetObject", "arn:aws:s3:::any/file", "read every bucket"),
    ("dynamodb:DeleteTable", "{table}", "delete the table"),
    ("dynamodb:PutItem", "{table}", "add products"),
    ("dynamodb:UpdateItem", "{table}", "change prices"),
    ("dynamodb:DeleteItem", "{table}", "delete products"),
    ("dynamodb:BatchWriteItem", "{table}", "replace many products at once"),
    ("dynamodb:UpdateTable", "{table}", "change the table's settings"),
    ("dynamodb:Scan", "{table}", "read the whole table"),
    ("dynamodb:GetItem", "{table}", "fetch single products"),
    ("dynamodb:BatchGetItem", "{table}", "fetch several products by their keys"),
    ("dynamodb:DescribeTable", "{table}", "read the table's settings"),
    (QUERY, "arn:aws:dynamodb:{region}:{account}:table/orders", "query other tables"),
    (QUERY, "{table}-of-last-year", "query other tables"),
    (QUERY, "arn:aws:dynamodb:ap-south-1:{account}:table/products", "query another region"),
)


def check(probe: Probe) -> str:
    table = probe.client("dynamodb").describe_table(TableName=TABLE)["Table"]["TableArn"]
    region, account = table.split(":")[3:5]
    excesses = [
        Excess(action, arn.format(table=table, region=region, account=account), meaning)
        for action, arn, meaning in EXCESSES
    ]
    needs = [Need(QUERY, table, "query the table")]
    require_least_privilege(probe, NAME, needs, excesses, later_callers={GATEWAY})
    category, _ = fill_shelf(probe, 1)
    answer = ask(probe, NAME, {"pathParameters": {"category": category}})
    if answer.error and "Decimal" not in answer.error.message:
        raise failure(probe, answer)
    return DONE


def undo_wrong_answer(probe: Probe) -> None:
    """Take out of the role what a wrong answer put there: it may allow too much, or deny."""
    empty_role(probe, OWN_ROLE)
