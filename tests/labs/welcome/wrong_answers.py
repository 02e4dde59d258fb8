"""Wrong answers in lab 00."""

from tests.notebooks.answers import Worked

worked = Worked("welcome")

REMOVE_POSTCARD = 's3.delete_object(Bucket=album, Key="postcard.txt")'
BODY = 'Body=b"Greetings from serverless land. The weather is somebody else\'s concern."'
KEY, PLAIN = 'Key="postcard.txt"', '    ContentType="text/plain",\n'
ABOVE = "    paid_for = max(0, invocations - 1_000_000)\n"
COST = "    return paid_for / 1_000_000 * dollars_per_million"

POSTCARD = (
    *(
        worked.mutate(
            "postcard",
            (KEY, f'Key="{key}"'),
            says="bucket: postcard.other-key",
            undo=f's3.delete_object(Bucket=album, Key="{key}")',
        )
        for key in ("Postcard.txt", "postcard", "postcards/postcard.txt")
    ),
    *worked.swap(
        "postcard",
        BODY,
        {
            'Body=b"postcard.txt"': "effect: postcard.no-word",
            'Body=b""': "effect: postcard.empty",
            'Body="Grüße, serverless".encode("utf-16")': "effect: postcard.not-utf8",
        },
        undo=REMOVE_POSTCARD,
    ),
    *worked.swap(
        "postcard",
        PLAIN,
        {
            "": "effect: postcard.not-plain",
            '    Metadata={"ContentType": "text/plain"},\n': "effect: postcard.in-metadata",
        },
        undo=REMOVE_POSTCARD,
    ),
    worked.mutate(
        "postcard",
        ("    Bucket=album,", '    Bucket="post-office",'),
        first='s3.create_bucket(Bucket="post-office")',
        says="bucket: postcard.other-bucket",
        undo='s3.delete_object(Bucket="post-office", Key="postcard.txt")\n'
        's3.delete_bucket(Bucket="post-office")',
    ),
    worked.cells(
        "postcard",
        's3.delete_object(Bucket=album, Key="hello.txt")\ns3.delete_bucket(Bucket=album)',
        says="bucket: postcard.no-bucket",
        undo="s3.create_bucket(Bucket=album)\n"
        's3.put_object(Bucket=album, Key="hello.txt", Body=b"Hello, cloud!")',
    ),
)

BILL = (
    *worked.swap(
        "bill",
        ABOVE,
        {
            "    paid_for = invocations\n": "result: bill.nothing-free",
            "    paid_for = invocations if invocations > 1e6 else 0\n": "result: bill.nothing-free",
            "    paid_for = invocations - 1_000_000\n": "result: bill.negative",
            "    paid_for = abs(invocations - 1_000_000)\n": "result: bill.charged-below",
            "    paid_for = max(0, invocatoins - 1_000_000)\n": "code: bill.raised",
            "    if invocations < 1e6:\n        return\n    paid_for = invocations - 1e6\n": (
                "result: bill.nothing-returned"
            ),
        },
    ),
    *worked.swap(
        "bill",
        COST,
        {
            "    return paid_for * dollars_per_million": "result: bill.for-each",
            "    return paid_for / 1000 * dollars_per_million": "result: bill.by-a-thousand",
            "    return paid_for // 1_000_000 * dollars_per_million": "result: bill.whole-millions",
            "    return -(-paid_for // 1_000_000) * dollars_per_million": (
                "result: bill.begun-millions"
            ),
            "    return int(paid_for / 1_000_000 * dollars_per_million)": (
                "result: bill.whole-dollars"
            ),
            "    return paid_for / 1_000_000 * 0.20": "result: bill.fixed-price",
            "    print(paid_for / 1_000_000 * dollars_per_million)": "result: bill.printed",
            '    return f"{paid_for / 1e6 * dollars_per_million} dollars"': (
                "result: bill.not-a-number"
            ),
            "    return 0.5": "result: bill.other",
        },
    ),
    *worked.swap(
        "bill",
        "(invocations, dollars_per_million):",
        {
            "(dollars_per_million, invocations):": "result: bill.swapped",
            "(invocations):": "code: bill.inputs",
        },
    ),
    worked.mutate(
        "bill",
        (ABOVE, "    while invocations > 0:\n        pass\n"),
        ("monthly_bill(3_500_000, 0.20)", ""),
        says="code: bill.endless",
    ),
    worked.cells("bill", "monthly_bill = 0.5", says="code: bill.not-a-function"),
)

ANSWERS = (*POSTCARD, *BILL)
