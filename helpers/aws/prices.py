"""AWS's prices in US East (N. Virginia), in dollars, without tax.

AWS's own pages compute their figures in the browser and could not be read as text, so each figure
comes from a page that quotes it, read on the day below. `page` is AWS's own page, which counts;
`read_on` is the page that was read, and `as_of` the date it bears, or "undated".

`free` is the quantity that every account has free each month, without end. The free tier of an
account's first twelve months has not been offered since 15 July 2025: a new account has credits
instead, 100 to 200 dollars for half a year.
(https://freetier.co/articles/aws-free-tier-changes-july-15-2025)
"""

from dataclasses import dataclass

LOOKED_UP = "2026-11-21"
REGION = "US East (N. Virginia)"

EACH, THOUSAND, MILLION = 1, 1_000, 1_000_000
GB = 1024**3
UNSOURCED = "nowhere: from memory"
PER = {EACH: "each", THOUSAND: "a thousand", 10_000: "for 10,000", MILLION: "a million"}


@dataclass(frozen=True)
class Price:
    """The price, in dollars, of `per` units, each of which is `scale` of the units counted."""

    service: str
    what: str
    dollars: float
    per: int
    page: str
    read_on: str
    as_of: str
    free: float = 0
    scale: int = 1

    def cost(self, quantity: float) -> float:
        return quantity / self.scale / self.per * self.dollars

    def describe(self) -> str:
        """
        >>> PRICES["lambda.requests"].describe()
        '$0.20 a million'
        """
        whole, _, part = f"{self.dollars:.10f}".rstrip("0").partition(".")
        return f"${whole}.{part:0<2} {PER[self.per]}"


PRICES = {
    "lambda.requests": Price(
        "Lambda",
        "requests",
        0.20,
        MILLION,
        "aws.amazon.com/lambda/pricing",
        "https://docs.aws.amazon.com/whitepapers/latest/how-aws-pricing-works/lambda.html",
        "undated",
        free=1_000_000,
    ),
    "lambda.gb_seconds": Price(
        "Lambda",
        "GB-seconds (x86)",
        0.0000166667,
        EACH,
        "aws.amazon.com/lambda/pricing",
        "https://cloudchipr.com/blog/aws-lambda-pricing",
        "2025",
        free=400_000,
    ),
    "apigateway.requests": Price(
        "API Gateway",
        "REST requests",
        3.50,
        MILLION,
        "aws.amazon.com/api-gateway/pricing",
        "https://awsforengineers.com/blog/aws-api-gateway-pricing-explained",
        "2025-05-19",
    ),
    "dynamodb.writes": Price(
        "DynamoDB",
        "write units of 1 KB",
        0.625,
        MILLION,
        "aws.amazon.com/dynamodb/pricing/on-demand",
        "https://airbyte.com/data-engineering-resources/dynamodb-pricing",
        "2025-07-21",
    ),
    "dynamodb.reads": Price(
        "DynamoDB",
        "read units of 4 KB",
        0.125,
        MILLION,
        "aws.amazon.com/dynamodb/pricing/on-demand",
        "https://airbyte.com/data-engineering-resources/dynamodb-pricing",
        "2025-07-21",
    ),
    "dynamodb.stream_reads": Price(
        "DynamoDB",
        "reads of a stream, not by Lambda",
        0.20,
        MILLION,
        "aws.amazon.com/dynamodb/pricing/on-demand",
        UNSOURCED,  # AWS's guide says how many are free, but names no price
        "undated",
        free=2_500_000,
    ),
    "s3.writes": Price(
        "S3",
        "PUT, COPY, POST, LIST",
        0.005,
        THOUSAND,
        "aws.amazon.com/s3/pricing",
        "https://c3x.dev/blog/s3-request-fees-explained",
        "2026",
    ),
    "s3.reads": Price(
        "S3",
        "GET and all others",
        0.0004,
        THOUSAND,
        "aws.amazon.com/s3/pricing",
        "https://c3x.dev/blog/s3-request-fees-explained",
        "2026",
    ),
    "sqs.requests": Price(
        "SQS",
        "requests of 64 KB",
        0.40,
        MILLION,
        "aws.amazon.com/sqs/pricing",
        "https://cloudburn.io/blog/amazon-sqs-pricing",
        "2026-03-14",
        free=1_000_000,
    ),
    "sqs.fifo": Price(
        "SQS",
        "requests of 64 KB, FIFO",
        0.50,
        MILLION,
        "aws.amazon.com/sqs/pricing",
        "https://cloudburn.io/blog/amazon-sqs-pricing",
        "2026-03-14",
        free=1_000_000,
    ),
    "sns.publishes": Price(
        "SNS",
        "messages of 64 KB",
        0.50,
        MILLION,
        "aws.amazon.com/sns/pricing",
        "https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/",
        "2026-06-13",
        free=1_000_000,
    ),
    "events.custom": Price(
        "EventBridge",
        "own events of 64 KB",
        1.00,
        MILLION,
        "aws.amazon.com/eventbridge/pricing",
        "https://cloudburn.io/blog/amazon-eventbridge-pricing",
        "2026-03-13",
    ),
    "kinesis.shard_hours": Price(
        "Kinesis",
        "hours of a shard",
        0.015,
        EACH,
        "aws.amazon.com/kinesis/data-streams/pricing",
        "a reference on GitHub that quotes AWS's page",
        "2026-08-08",
    ),
    "kinesis.stream_hours": Price(
        "Kinesis",
        "hours of a stream on demand",
        0.04,
        EACH,
        "aws.amazon.com/kinesis/data-streams/pricing",
        "a reference on GitHub that quotes AWS's page",
        "2026-08-08",
    ),
    "kinesis.payload_units": Price(
        "Kinesis",
        "records of 25 KB",
        0.014,
        MILLION,
        "aws.amazon.com/kinesis/data-streams/pricing",
        "a reference on GitHub that quotes AWS's page",
        "2026-08-08",
    ),
    "stepfunctions.transitions": Price(
        "Step Functions",
        "state transitions",
        0.025,
        THOUSAND,
        "aws.amazon.com/step-functions/pricing",
        "https://aws.amazon.com/step-functions/pricing/",
        "undated",
        free=4_000,
    ),
    "secretsmanager.calls": Price(
        "Secrets Manager",
        "calls",
        0.05,
        10_000,
        "aws.amazon.com/secrets-manager/pricing",
        "https://hivebook.wiki/wiki/aws-secrets-manager-rotated-secrets-dynamic-db-credentials-kms",
        "undated",
    ),
    "logs.bytes": Price(
        "CloudWatch Logs",
        "GB of log lines",
        0.50,
        EACH,
        "aws.amazon.com/cloudwatch/pricing",
        "https://c3x.dev/blog/cloudwatch-logs-cost-optimization",
        "2026-06",
        free=5 * GB,
        scale=GB,
    ),
}
