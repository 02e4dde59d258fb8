"""Right answers in other words, in lab 01."""

from tests.labs.first_function.wrong_answers import BODY, RECEIPT_BACK, SET_SHOP, WAIT, worked

AVERAGE = '    if pieces == 0:\n        return {"total": 0, "average": 0}\n'
LIVE = '(FunctionName="greeter", Name="live"'
PATIENT = 'lambda_.update_function_configuration(FunctionName="slow_report", Timeout=1)'
ROOMY = 'lambda_.update_function_configuration(FunctionName="resize_plan", MemorySize=128)'

ANSWERS = (
    *worked.swap(
        "handler",
        BODY,
        [
            """\
    if "name" in event and event["name"]:
        return {"message": "Hello, " + event["name"] + "!"}
    return {"message": "Hello, stranger!"}""",
            """\
    name = event.get("name", "") or "stranger"
    print("greeting", name)
    return dict(message="Hello, %s!" % name)""",
        ],
    ),
    worked.mutate(
        "create",
        ('"python3.13"', '"python3.11", Timeout=900, MemorySize=512, Description="mine"'),
    ),
    worked.mutate(
        "create",
        ("package", "packed"),
        ('"greeter.handler"', '"shop.greeter.handler"'),
        first="""\
box = io.BytesIO()
with zipfile.ZipFile(box, "w") as archive:
    archive.writestr("shop/__init__.py", "")
    archive.write("first_function/greeter.py", "shop/greeter.py")
    archive.write("first_function/greeter.py", "greeter.py")
packed = box.getvalue()""",
    ),
    *worked.swap(
        "fix",
        AVERAGE,
        [
            '    if not pieces:\n        return {"total": 0, "average": 0.0}\n',
            "    pieces = pieces or 1\n",
        ],
        undo=RECEIPT_BACK,
    ),
    worked.mutate(
        "fix",
        ('"average": total / pieces', '"average": round(total / pieces, 2)'),
        undo=RECEIPT_BACK,
    ),
    *worked.swap(
        "environment",
        '"SHOP": "Corner shop", "GREETING": "Bonjour"',
        [
            '"GREETING": "Bonjour", "SHOP": "Corner shop"',
            '"SHOP": "Corner shop", "GREETING": "Bonjour", "COLOUR": "red"',
        ],
        undo=(WAIT.format("greeter"), SET_SHOP),
    ),
    *worked.swap("time-out", "Timeout=5", ["Timeout=2", "Timeout=10"], undo=PATIENT),
    *worked.swap("memory", "MemorySize=256", ["MemorySize=192", "MemorySize=512"], undo=ROOMY),
    worked.cells(
        "rollback",
        f"lambda_.delete_alias{LIVE})",
        f'lambda_.create_alias{LIVE}, FunctionVersion="1")',
        undo=f'lambda_.update_alias{LIVE}, FunctionVersion="2")',
    ),
    worked.mutate(
        "rollback",
        ('FunctionVersion="1"', 'FunctionVersion="1", Description="back"'),
        undo=f'lambda_.update_alias{LIVE}, FunctionVersion="2")',
    ),
)
