"""Wrong answers in lab 00."""

from tests.notebooks.answers import WrongAnswer

REMOVE_POSTCARD = 's3.delete_object(Bucket=album, Key="postcard.txt")'
BILL_INPUTS = "invocations, dollars_per_million"


def postcard(name: str, message: str, put: str, undo: str = REMOVE_POSTCARD) -> WrongAnswer:
    return WrongAnswer("postcard", name, (put,), message, (undo,))


def bill(name: str, message: str, *body: str, inputs: str = BILL_INPUTS) -> WrongAnswer:
    """A function of these lines in the place of the learner's."""
    lines = "\n    ".join((f"def monthly_bill({inputs}):", *body))
    return WrongAnswer("bill", name, (lines,), message, ("del monthly_bill",))


ANSWERS = (
    postcard(
        "capital letter",
        "an object `Postcard.txt`, but it must be called `postcard.txt`",
        """s3.put_object(
    Bucket=album, Key="Postcard.txt", Body=b"serverless", ContentType="text/plain"
)""",
        's3.delete_object(Bucket=album, Key="Postcard.txt")',
    ),
    postcard(
        "no ending",
        "an object `postcard`, but it must be called `postcard.txt`",
        's3.put_object(Bucket=album, Key="postcard", Body=b"serverless")',
        's3.delete_object(Bucket=album, Key="postcard")',
    ),
    postcard(
        "in a folder",
        "an object `postcards/postcard.txt`, but it must be called",
        's3.put_object(Bucket=album, Key="postcards/postcard.txt", Body=b"serverless")',
        's3.delete_object(Bucket=album, Key="postcards/postcard.txt")',
    ),
    postcard(
        "in a bucket of its own",
        "There is a `postcard.txt`, but it is in the bucket `post-office`",
        """s3.create_bucket(Bucket="post-office")
s3.put_object(Bucket="post-office", Key="postcard.txt", Body=b"serverless")""",
        """s3.delete_object(Bucket="post-office", Key="postcard.txt")
s3.delete_bucket(Bucket="post-office")""",
    ),
    postcard(
        "the file's name for its text",
        'the word "serverless" is not in its text',
        """s3.put_object(
    Bucket=album, Key="postcard.txt", Body=b"postcard.txt", ContentType="text/plain"
)""",
    ),
    postcard(
        "no text",
        "it is empty",
        's3.put_object(Bucket=album, Key="postcard.txt", ContentType="text/plain")',
    ),
    postcard(
        "another encoding",
        "are not text",
        """s3.put_object(
    Bucket=album,
    Key="postcard.txt",
    Body="Grüße, serverless".encode("utf-16"),
    ContentType="text/plain",
)""",
    ),
    postcard(
        "no content type",
        "its content type is `binary/octet-stream`",
        's3.put_object(Bucket=album, Key="postcard.txt", Body=b"serverless")',
    ),
    postcard(
        "content type in the metadata",
        "is among the object's metadata",
        """s3.put_object(
    Bucket=album,
    Key="postcard.txt",
    Body=b"serverless",
    Metadata={"ContentType": "text/plain"},
)""",
    ),
    postcard(
        "bucket removed",
        "Your album is gone",
        """s3.delete_object(Bucket=album, Key="hello.txt")
s3.delete_bucket(Bucket=album)""",
        """s3.create_bucket(Bucket=album)
s3.put_object(Bucket=album, Key="hello.txt", Body=b"Hello, cloud!")""",
    ),
    bill(
        "nothing is free",
        "You charge for the free million, too",
        "return invocations / 1_000_000 * dollars_per_million",
    ),
    bill(
        "free only up to a million",
        "You charge for the free million, too",
        "if invocations <= 1_000_000:",
        "    return 0",
        "return invocations / 1_000_000 * dollars_per_million",
    ),
    bill(
        "price for each invocation",
        "you charge it for every single one",
        "return max(0, invocations - 1_000_000) * dollars_per_million",
    ),
    bill(
        "price for a thousand",
        "you divide by a thousand",
        "return max(0, invocations - 1_000_000) / 1000 * dollars_per_million",
    ),
    bill(
        "whole millions",
        "You charge for whole millions only. A part",
        "return max(0, invocations - 1_000_000) // 1_000_000 * dollars_per_million",
    ),
    bill(
        "begun millions",
        "whole millions only, rounded up",
        "import math",
        "return math.ceil(max(0, invocations - 1_000_000) / 1_000_000) * dollars_per_million",
    ),
    bill(
        "whole dollars",
        "You round to whole dollars",
        "return int(max(0, invocations - 1_000_000) / 1_000_000 * dollars_per_million)",
    ),
    bill(
        "negative below the free million",
        "your bill is negative",
        "return (invocations - 1_000_000) / 1_000_000 * dollars_per_million",
    ),
    bill(
        "the free months charged as if above",
        "A month with no more than a million invocations is free",
        "return abs(invocations - 1_000_000) / 1_000_000 * dollars_per_million",
    ),
    bill(
        "always today's price",
        "You calculate with 0.20 dollars",
        "return max(0, invocations - 1_000_000) / 1_000_000 * 0.20",
    ),
    bill(
        "inputs swapped",
        "The two inputs are mixed up",
        "return max(0, invocations - 1_000_000) / 1_000_000 * dollars_per_million",
        inputs="dollars_per_million, invocations",
    ),
    bill(
        "one input",
        "must take two inputs",
        "return max(0, invocations - 1_000_000) / 1_000_000 * 0.20",
        inputs="invocations",
    ),
    bill(
        "printed",
        "prints its result but returns nothing",
        "print(max(0, invocations - 1_000_000) / 1_000_000 * dollars_per_million)",
    ),
    bill(
        "nothing for a free month",
        "one way through it ends without `return`",
        "if invocations > 1_000_000:",
        "    return (invocations - 1_000_000) / 1_000_000 * dollars_per_million",
    ),
    bill(
        "a text",
        "must return a number of dollars, and it returned a text",
        'return f"{max(0, invocations - 1_000_000) / 1_000_000 * dollars_per_million} dollars"',
    ),
    bill(
        "raises",
        "stopped with the error below",
        "return max(0, invocatoins - 1_000_000) / 1_000_000 * dollars_per_million",
    ),
    bill(
        "without end",
        "does not come to an end",
        "while invocations > 0:",
        "    dollars_per_million += 1",
        "return dollars_per_million",
    ),
    bill(
        "the bill of the example",
        "The bill for the month below is not right",
        "return 0.5",
    ),
    WrongAnswer(
        "bill",
        "the number in the place of the function",
        ("monthly_bill = 0.5",),
        "is not a function but a number",
        ("del monthly_bill",),
    ),
)
