"""Right answers in other words, in lab 00."""

from tests.labs.welcome.wrong_answers import ABOVE, BODY, COST, PLAIN, REMOVE_POSTCARD, worked

ANSWERS = (
    *worked.swap(
        "postcard",
        BODY,
        ['Body="Grüße, Serverless ☁".encode()', 'Body=b"SERVERLESS!\\nreally " * 10_000'],
        undo=REMOVE_POSTCARD,
    ),
    worked.mutate(
        "postcard",
        (PLAIN, '    ContentType="text/plain; charset=utf-8",\n'),
        undo=REMOVE_POSTCARD,
    ),
    *worked.swap(
        "bill",
        ABOVE,
        [
            "    if invocations < 1_000_000:\n        return 0\n    paid_for = invocations - 1e6\n",
            "    print(invocations)\n    paid_for = max(0.0, invocations - 1e6)\n",
        ],
    ),
    *worked.swap(
        "bill",
        COST,
        [
            "    return round(paid_for * dollars_per_million / 10**6, 2)",
            "    from decimal import Decimal\n"
            "    return Decimal(paid_for) * Decimal(str(dollars_per_million)) / 10**6",
        ],
    ),
)
