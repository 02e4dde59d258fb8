"""DynamoDB, its streams and Kinesis, served by moto inside the engine.

LocalStack would download a Java program and a Node program for them at first use. moto, which
LocalStack already brings, implements them in Python: each provider below answers nothing itself,
so that every operation falls through to moto.
"""

from localstack.aws.api.dynamodb import DynamodbApi
from localstack.aws.api.dynamodbstreams import DynamodbstreamsApi
from localstack.aws.api.kinesis import KinesisApi
from localstack.services.moto import MotoFallbackDispatcher
from localstack.services.plugins import Service


class MotoDynamoDb(DynamodbApi):
    pass


class MotoDynamoDbStreams(DynamodbstreamsApi):
    pass


class MotoKinesis(KinesisApi):
    pass


def dynamodb() -> Service:
    return _served_by_moto(MotoDynamoDb())


def dynamodbstreams() -> Service:
    return _served_by_moto(MotoDynamoDbStreams())


def kinesis() -> Service:
    return _served_by_moto(MotoKinesis())


def _served_by_moto(provider: object) -> Service:
    return Service.for_provider(provider, dispatch_table_factory=MotoFallbackDispatcher)
