"""What the lab's sheet puts into the files before the learner does: a check tells it from more.

In the sheet comments and layout may differ; the program may not.
"""

PICTURES_NAIVE = '''\
import io

from PIL import Image


def thumbnail(photo, edge):
    """A small JPEG of the photo, as bytes."""
    picture = Image.open(io.BytesIO(photo))
    picture = picture.resize((edge, edge))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
'''
PICTURES_FIT = PICTURES_NAIVE.replace("    picture = picture.resize((edge, edge))\n", "")
PICTURES_MODES = '''\
import io

from PIL import Image, ImageOps


def thumbnail(photo, edge):
    """A small JPEG of the photo, upright, in RGB and on white, as bytes."""
    picture = Image.open(io.BytesIO(photo))
    picture.thumbnail((edge, edge))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
'''
HANDLER_NAIVE = """\
import os

import boto3
from pictures import thumbnail

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = record["s3"]["object"]["key"]
        photo = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        small = thumbnail(photo, 160)
        name = key.removeprefix("incoming/")
        s3.put_object(Bucket=os.environ["GALLERY"], Key=f"small/{name}.jpg", Body=small)
"""
HANDLER_KEYS = """\
import os
import urllib.parse

import boto3
from pictures import thumbnail

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = record["s3"]["object"]["key"]
        photo = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        small = thumbnail(photo, 160)
        target = "small/" + key.removeprefix("incoming/") + ".jpg"
"""
HANDLER_QUARANTINE = """\
import os
import urllib.parse

import boto3
from pictures import thumbnail

s3 = boto3.client("s3")


def put(key, body, **more):
    s3.put_object(Bucket=os.environ["GALLERY"], Key=key, Body=body, **more)


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = urllib.parse.unquote_plus(record["s3"]["object"]["key"])
        photo = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        name = key.removeprefix("incoming/")
"""
HANDLER_SIZES = HANDLER_QUARANTINE.replace(
    's3 = boto3.client("s3")\n', 's3 = boto3.client("s3")\nSIZES = {"small": 160, "large": 480}\n'
)
BACKUP = """\
import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = record["s3"]["object"]["key"]
        if len(key) > 60:
            return
        name = key.removeprefix("incoming/")
        copy = f"incoming/copy-of-{name}"
        s3.copy_object(Bucket=bucket, Key=copy, CopySource={"Bucket": bucket, "Key": key})
"""
