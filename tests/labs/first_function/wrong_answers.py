"""Wrong answers in lab 01."""

from helpers.functions import deploy as functions
from helpers.sheets import worked_answer
from tests.notebooks.answers import WrongAnswer

RECEIPT_GIVEN = """\
%%writefile first_function/receipt.py
def handler(event, context):
    total = 0
    pieces = 0
    for item in event["items"]:
        total += item["price"] * item["quantity"]
        pieces += item["quantity"]
    print(f"{pieces} pieces, {total} in all")
    return {"total": total, "average": total / pieces}"""
RECEIPT_FIXED = RECEIPT_GIVEN.replace(
    "    return", '    if pieces == 0:\n        return {"total": 0, "average": 0}\n    return'
)
UPLOAD_RECEIPT = """\
lambda_.update_function_code(
    FunctionName="receipt", ZipFile=zip_of("first_function/receipt.py")
)"""
UPLOAD_GREETER = UPLOAD_RECEIPT.replace("receipt", "greeter")
SET_VARIABLES = """\
lambda_.get_waiter("function_updated_v2").wait(FunctionName="greeter")
lambda_.update_function_configuration(
    FunctionName="greeter", Environment={{"Variables": {variables}}}
)"""
SHOP_ONLY = SET_VARIABLES.format(variables='{"SHOP": "Corner shop"}')
GREETER_WITH_SHOP = """\
%%writefile first_function/greeter.py
import os


def handler(event, context):
    greeting = os.environ.get("GREETING", "Hello")
    shop = os.environ["SHOP"]
    name = event.get("name") or "stranger"
    return {"message": f"{greeting}, {name}! Welcome to {shop}."}"""
GREETER_BAD = """\
%%writefile first_function/greeter.py
def handler(event, context):
    return {"message": "Goodbye!"}"""
REMOVE_GREETER = 'lambda_.delete_function(FunctionName="greeter")'
TRUST = 'iam.update_assume_role_policy(RoleName="greeter-role", PolicyDocument={trust})'
WRITE_LOGS = f'RoleName="greeter-role", PolicyArn="{functions.WRITE_LOGS}"'
WAIT = 'lambda_.get_waiter("function_updated_v2").wait(FunctionName="{name}")'


def handler(
    name: str, message: str, *body: str, head: str = "handler(event, context)"
) -> WrongAnswer:
    """The learner's greeter.py, of these lines."""
    lines = "\n    ".join((f"%%writefile first_function/greeter.py\ndef {head}:", *body))
    return WrongAnswer("handler", name, (lines,), message)


def create(
    name: str, message: str, *first: str, undo: str = REMOVE_GREETER, **arguments: str
) -> WrongAnswer:
    """A call of create_function that is as it should be, but for these arguments."""
    given = {
        "FunctionName": '"greeter"',
        "Runtime": '"python3.13"',
        "Role": "role_arn",
        "Handler": '"greeter.handler"',
        "Code": '{"ZipFile": package}',
    } | arguments
    call = ", ".join(f"{argument}={value}" for argument, value in given.items())
    return WrongAnswer(
        "create", name, (*first, f"lambda_.create_function({call})"), message, (undo,)
    )


def zipped(lines: str) -> str:
    """A cell that makes a package of its own, in the variable `other`."""
    return f"""\
other_buffer = io.BytesIO()
with zipfile.ZipFile(other_buffer, "w") as archive:
    {lines}
other = other_buffer.getvalue()"""


def fix(
    name: str, message: str, *changes: tuple[str, str], upload: str = UPLOAD_RECEIPT
) -> WrongAnswer:
    """The code of `receipt` as it was given, changed, and uploaded."""
    code = RECEIPT_GIVEN
    for old, new in changes:
        assert old in code
        code = code.replace(old, new)
    cells = (code, upload) if upload else (code,)
    return WrongAnswer("fix", name, cells, message, (RECEIPT_GIVEN, UPLOAD_RECEIPT))


def environment(name: str, message: str, variables: str) -> WrongAnswer:
    """All variables of `greeter` set to these."""
    cells = (SET_VARIABLES.format(variables=variables),)
    return WrongAnswer("environment", name, cells, message, (SHOP_ONLY,))


def configured(
    exercise: str, name: str, message: str, function: str, back: str, **settings: int | str
) -> WrongAnswer:
    """update_function_configuration with these settings; `back` are those that undo it."""
    given = ", ".join(f"{setting}={value}" for setting, value in settings.items())
    call = 'lambda_.update_function_configuration(FunctionName="{}", {})'
    undo = (WAIT.format(name=function), call.format(function, back))
    return WrongAnswer(exercise, name, (call.format(function, given),), message, undo)


def recoded(
    exercise: str, name: str, message: str, function: str, old: str, new: str
) -> WrongAnswer:
    """The code of a function of the sheet changed, in its file and in the cloud."""
    file = f"first_function/{function}.py"
    change = f'Path("{file}").write_text(Path("{file}").read_text().replace({{!r}}, {{!r}}))'
    upload = UPLOAD_RECEIPT.replace("receipt", function)
    return WrongAnswer(
        exercise,
        name,
        (change.format(old, new), upload),
        message,
        (change.format(new, old), upload),
    )


def rollback(name: str, message: str, *cells: str, undo: tuple[str, ...]) -> WrongAnswer:
    return WrongAnswer("rollback", name, cells, message, undo)


LIVE_TO_2 = 'lambda_.update_alias(FunctionName="greeter", Name="live", FunctionVersion="2")'
DELETE_LIVE = 'lambda_.delete_alias(FunctionName="greeter", Name="live")'
CREATE_LIVE = 'lambda_.create_alias(FunctionName="greeter", Name="live", FunctionVersion="2")'

ANSWERS = (
    handler(
        "prints",
        "prints its answer but returns nothing",
        "print({\"message\": f\"Hello, {event.get('name') or 'stranger'}!\"})",
    ),
    handler(
        "insists on a name",
        "gives no name, and the handler stops",
        """return {"message": f"Hello, {event['name']}!"}""",
    ),
    handler(
        "greets nobody for an empty name",
        "an empty one, is a stranger",
        """return {"message": f"Hello, {event.get('name', 'stranger')}!"}""",
    ),
    handler(
        "greets None",
        "Anyone who gives no name",
        """return {"message": f"Hello, {event.get('name')}!"}""",
    ),
    handler(
        "bare text",
        "returns the bare text",
        """return f"Hello, {event.get('name') or 'stranger'}!\"""",
    ),
    handler(
        "no comma",
        "not letter by letter",
        """return {"message": f"Hello {event.get('name') or 'stranger'}!"}""",
    ),
    handler(
        "the example by heart",
        "says the same to everybody",
        'return {"message": "Hello, Ada!"}',
    ),
    handler(
        "another key",
        'one key, "message"',
        """return {"text": f"Hello, {event.get('name') or 'stranger'}!"}""",
    ),
    handler(
        "a set",
        "can't be sent",
        """return {f"Hello, {event.get('name') or 'stranger'}!"}""",
    ),
    handler(
        "nothing for strangers",
        "one way through it ends without `return`",
        'if event.get("name"):',
        """    return {"message": f"Hello, {event['name']}!"}""",
    ),
    handler(
        "another name",
        "no function `handler` in `greeter.py`; it has `handle`",
        """return {"message": f"Hello, {event.get('name') or 'stranger'}!"}""",
        head="handle(event, context)",
    ),
    handler(
        "one input",
        "yours can't take these two: `handler(event)`",
        """return {"message": f"Hello, {event.get('name') or 'stranger'}!"}""",
        head="handler(event)",
    ),
    handler(
        "syntax",
        "something in line 2 is not written as it should be",
        'return {"message": "Hello, " + (event.get("name") or "stranger" + "!"}',
    ),
    handler(
        "not indented alike",
        "the indentation is wrong at line 3",
        'name = event.get("name") or "stranger"',
        '  return {"message": f"Hello, {name}!"}',
    ),
    handler("raises", "stops with an error in line 2", "return {'message': nmae}"),
    handler("without end", "does not come to an end", "while True:", "    pass"),
    handler("ends Python", "made Python itself stop", "import os", "os._exit(0)"),
    WrongAnswer(
        "handler",
        "fails when it is imported",
        (
            "%%writefile first_function/greeter.py\nimport greetings\n"
            "def handler(event, context): 1",
        ),
        "stops with an error in line 1, as soon as Python reads it",
    ),
    WrongAnswer(
        "handler",
        "under another name",
        (
            "import os; os.remove('first_function/greeter.py')",
            "%%writefile first_function/Greeter.py\ndef handler(event, context): 1",
        ),
        "There is a file `first_function/Greeter.py`",
        ("os.remove('first_function/Greeter.py')",),
    ),
    WrongAnswer(
        "handler",
        "beside the notebook",
        ("%%writefile greeter.py\ndef handler(event, context): 1",),
        "There is a file `greeter.py`, but the handler belongs in",
        ("os.remove('greeter.py')",),
    ),
    create(
        "handler without its file",
        "The handler's address is `handler`",
        Handler='"handler"',
    ),
    create(
        "handler of another name",
        "The handler's address is `greeter.lambda_handler`",
        Handler='"greeter.lambda_handler"',
    ),
    create(
        "handler with the file's ending",
        "The handler's address is `greeter.py.handler`",
        Handler='"greeter.py.handler"',
    ),
    create(
        "folder in the package",
        "Yours holds: `first_function/greeter.py`",
        zipped('archive.write("first_function/greeter.py")'),
        Code='{"ZipFile": other}',
    ),
    create(
        "empty package", "Yours holds: nothing at all", zipped("pass"), Code='{"ZipFile": other}'
    ),
    create(
        "older code",
        "the file has changed since the package was made",
        zipped('archive.writestr("greeter.py", "def handler(event, context):\\n    pass")'),
        Code='{"ZipFile": other}',
    ),
    create(
        "older code, which fails",
        "the file has changed since the package was made",
        zipped('archive.writestr("greeter.py", "def handler(event, context):\\n    oops")'),
        Code='{"ZipFile": other}',
    ),
    create(
        "imports what is not there",
        "something that the file imports is missing",
        """\
from pathlib import Path
greeter = Path("first_function/greeter.py")
was_right = greeter.read_text()
greeter.write_text("import numpy\\n" + was_right)""",
        zipped('archive.write("first_function/greeter.py", "greeter.py")'),
        undo=f"{REMOVE_GREETER}\ngreeter.write_text(was_right)",
        Code='{"ZipFile": other}',
    ),
    create(
        "the role's ARN written by hand",
        "`role_arn` is not the ARN of the role `greeter-role`",
        'role_arn = role_arn.replace("greeter-role", "greeter_role")',
        undo='role_arn = role["Role"]["Arn"]',
    ),
    create(
        "a role that trusts another service",
        "Lambda may not take on the role `greeter-role`",
        TRUST.format(trust='json.dumps(trust_lambda).replace("lambda.", "ec2.")'),
        undo=TRUST.format(trust="json.dumps(trust_lambda)"),
    ),
    create(
        "a role that trusts nobody any more",
        "Lambda may not take on the role `greeter-role`",
        TRUST.format(trust='json.dumps(trust_lambda).replace("Allow", "Deny")'),
        undo=TRUST.format(trust="json.dumps(trust_lambda)"),
    ),
    WrongAnswer(
        "create",
        "a role that may not write logs",
        (
            worked_answer("first-function", "create")[0],
            f"iam.detach_role_policy({WRITE_LOGS})",
        ),
        "but has written no log",
        (REMOVE_GREETER, f"iam.attach_role_policy({WRITE_LOGS})"),
    ),
    WrongAnswer(
        "create",
        "a role that was removed afterwards",
        (
            worked_answer("first-function", "create")[0],
            f"iam.detach_role_policy({WRITE_LOGS})",
            'iam.delete_role(RoleName="greeter-role")',
        ),
        "the role `greeter-role`, but there is no such role",
        (
            REMOVE_GREETER,
            'iam.create_role(RoleName="greeter-role", '
            "AssumeRolePolicyDocument=json.dumps(trust_lambda))",
            f"iam.attach_role_policy({WRITE_LOGS})",
        ),
    ),
    create(
        "another function's role",
        "The one that was made for it is `greeter-role`",
        """other_role = iam.create_role(
    RoleName="everything", AssumeRolePolicyDocument=json.dumps(trust_lambda)
)""",
        Role='other_role["Role"]["Arn"]',
        undo=f'{REMOVE_GREETER}\niam.delete_role(RoleName="everything")',
    ),
    create(
        "capital letter",
        "There is a function `Greeter`, but it must be called `greeter`",
        FunctionName='"Greeter"',
        undo='lambda_.delete_function(FunctionName="Greeter")',
    ),
    fix(
        "not uploaded",
        "has changed since it was last zipped and uploaded",
        ("total / pieces", "total / max(pieces, 1)"),
        upload="",
    ),
    WrongAnswer(
        "fix",
        "zipped before it was written",
        (
            'early = zip_of("first_function/receipt.py")',
            RECEIPT_FIXED,
            'lambda_.update_function_code(FunctionName="receipt", ZipFile=early)',
        ),
        "has changed since it was last zipped and uploaded",
        (RECEIPT_GIVEN,),
    ),
    WrongAnswer(
        "fix",
        "corrected after the upload, and not uploaded again",
        (
            RECEIPT_GIVEN.replace(
                "    return", "    if pieces == 0:\n        return 0\n    return"
            ),
            UPLOAD_RECEIPT,
            RECEIPT_FIXED,
        ),
        "has changed since it was last zipped and uploaded",
        (RECEIPT_GIVEN, UPLOAD_RECEIPT),
    ),
    WrongAnswer(
        "fix",
        "uploaded to another function",
        (RECEIPT_FIXED, UPLOAD_RECEIPT.replace('"receipt"', '"greeter"')),
        "was uploaded to the function `greeter`",
        (RECEIPT_GIVEN, UPLOAD_GREETER),
    ),
    WrongAnswer(
        "fix",
        "folder in the package",
        (
            RECEIPT_FIXED,
            zipped('archive.write("first_function/receipt.py")'),
            'lambda_.update_function_code(FunctionName="receipt", ZipFile=other)',
        ),
        "Yours holds: `first_function/receipt.py`",
        (RECEIPT_GIVEN, UPLOAD_RECEIPT),
    ),
    fix(
        "looks for no list instead of an empty one",
        "an order without items still fails",
        ("    return", '    if event["items"] is None:\n        return {}\n    return'),
    ),
    fix(
        "no receipt for the empty order",
        "it has to get a receipt, too",
        ("    return", "    if pieces == 0:\n        return None\n    return"),
    ),
    fix(
        "a number for the empty order",
        "it has to get a receipt, too",
        ("    return", "    if pieces == 0:\n        return 0\n    return"),
    ),
    fix(
        "zeros for everybody",
        "Every order now gets a receipt for 0",
        ('{"total": total, "average": total / pieces}', '{"total": 0, "average": 0}'),
    ),
    WrongAnswer(
        "fix",
        "every error swallowed",
        (
            """\
%%writefile first_function/receipt.py
def handler(event, context):
    try:
        total = sum(item["price"] * item["quantity"] for item in event["items"])
        return {"total": total, "average": total / sum(i["quantity"] for i in event["items"])}
    except Exception:
        return {"total": 0, "average": 0}""",
            UPLOAD_RECEIPT,
        ),
        "the shop would give it away",
        (RECEIPT_GIVEN, UPLOAD_RECEIPT),
    ),
    fix(
        "average over the lines of the order",
        "you divide by the number of lines in the order",
        ("total / pieces", 'total / max(len(event["items"]), 1)'),
    ),
    fix(
        "quantity forgotten",
        "The receipt for an ordinary order is no longer right",
        ('item["price"] * item["quantity"]', 'item["price"]'),
        ("total / pieces", "total / max(pieces, 1)"),
    ),
    fix(
        "typing error",
        "now fails for an ordinary order",
        ("total / pieces", "total / peices if pieces else 0"),
    ),
    fix(
        "syntax",
        "Python can't read the code that you uploaded",
        ("(event, context):", "(event, context)"),
    ),
    environment(
        "the shop left out",
        "it replaces all of them",
        '{"GREETING": "Bonjour"}',
    ),
    environment(
        "another spelling",
        "`Greeting`, but the code asks for `GREETING`. Small letters and capitals",
        '{"SHOP": "Corner shop", "Greeting": "Bonjour"}',
    ),
    environment(
        "a letter too many",
        "`GREETINGS`, but the code asks for `GREETING`. Check the spelling",
        '{"SHOP": "Corner shop", "GREETINGS": "Bonjour"}',
    ),
    environment(
        "another word",
        "`HELLO`, but the code asks for `GREETING`. Check the spelling",
        '{"SHOP": "Corner shop", "HELLO": "Bonjour"}',
    ),
    environment(
        "small letter",
        "`GREETING` is set, but not to `Bonjour`",
        '{"SHOP": "Corner shop", "GREETING": "bonjour"}',
    ),
    environment(
        "comma in the value",
        "the comma: the code adds it",
        '{"SHOP": "Corner shop", "GREETING": "Bonjour,"}',
    ),
    environment(
        "another shop",
        "`SHOP` has changed",
        '{"SHOP": "Magasin du coin", "GREETING": "Bonjour"}',
    ),
    WrongAnswer(
        "environment",
        "in the code",
        (
            GREETER_WITH_SHOP.replace('os.environ.get("GREETING", "Hello")', '"Bonjour"'),
            UPLOAD_GREETER,
        ),
        "because that is in its code now",
        (GREETER_WITH_SHOP, UPLOAD_GREETER),
    ),
    WrongAnswer(
        "environment",
        "as the default in the code",
        (GREETER_WITH_SHOP.replace('"Hello"', '"Bonjour"'), UPLOAD_GREETER),
        "because that is in its code now",
        (GREETER_WITH_SHOP, UPLOAD_GREETER),
    ),
    WrongAnswer(
        "environment",
        "in the notebook",
        ('import os\nos.environ["GREETING"] = "Bonjour"',),
        "You have set `GREETING` in this notebook",
        ('del os.environ["GREETING"]',),
    ),
    WrongAnswer(
        "environment",
        "on another function",
        (SET_VARIABLES.format(variables='{"GREETING": "Bonjour"}').replace("greeter", "receipt"),),
        "You have set `GREETING` on the function `receipt`",
        (SET_VARIABLES.format(variables="{}").replace("greeter", "receipt"),),
    ),
    configured(
        "time-out",
        "more memory",
        "You have changed the memory of `slow_report`, to 512 MB",
        "slow_report",
        "MemorySize=128",
        MemorySize=512,
    ),
    configured(
        "time-out",
        "as much as there is",
        "900 seconds is more than this work needs",
        "slow_report",
        "Timeout=1",
        Timeout=900,
    ),
    configured(
        "time-out",
        "milliseconds",
        "Did you mean milliseconds?",
        "slow_report",
        "Timeout=1",
        Timeout=2000,
    ),
    configured(
        "time-out",
        "another function",
        "The time-out of `receipt` is no longer the usual 3 seconds",
        "receipt",
        "Timeout=3",
        Timeout=5,
    ),
    recoded(
        "time-out",
        "less work",
        "Leave the code as it was given",
        "slow_report",
        'sleep(event["seconds"])',
        "sleep(0.5)",
    ),
    WrongAnswer(
        "time-out",
        "enough time, and less work",
        (
            "lambda_.update_function_configuration(FunctionName='slow_report', Timeout=5)",
            WAIT.format(name="slow_report"),
            'slow = Path("first_function/slow_report.py")',
            'slow.write_text(slow.read_text().replace(\'sleep(event["seconds"])\', "sleep(0.1)"))',
            UPLOAD_RECEIPT.replace("receipt", "slow_report"),
        ),
        "Leave the code as it was given",
        (
            'slow.write_text(slow.read_text().replace("sleep(0.1)", \'sleep(event["seconds"])\'))',
            UPLOAD_RECEIPT.replace("receipt", "slow_report"),
            WAIT.format(name="slow_report"),
            "lambda_.update_function_configuration(FunctionName='slow_report', Timeout=1)",
        ),
    ),
    configured(
        "memory",
        "one megabyte more",
        "129 MB is not enough",
        "resize_plan",
        "MemorySize=128",
        MemorySize=129,
    ),
    configured(
        "memory",
        "just the picture",
        "Python itself needs room",
        "resize_plan",
        "MemorySize=128",
        MemorySize=150,
    ),
    configured(
        "memory",
        "far too much",
        "3008 MB is more than the picture needs",
        "resize_plan",
        "MemorySize=128",
        MemorySize=3008,
    ),
    configured(
        "memory",
        "more time",
        "You have changed the time-out of `resize_plan`, to 30 seconds",
        "resize_plan",
        "Timeout=3",
        Timeout=30,
    ),
    configured(
        "memory",
        "more disk",
        "is the function's disk",
        "resize_plan",
        'EphemeralStorage={"Size": 512}',
        EphemeralStorage='{"Size": 1024}',
    ),
    configured(
        "memory",
        "another function",
        "The memory of `slow_report` is no longer the usual 128 MB",
        "slow_report",
        "MemorySize=128",
        MemorySize=256,
    ),
    recoded(
        "memory",
        "a smaller picture",
        "Leave the code as it was given",
        "resize_plan",
        'bytearray(event["megabytes"]',
        "bytearray(50",
    ),
    rollback(
        "alias removed",
        "The alias `live` is gone",
        DELETE_LIVE,
        undo=(CREATE_LIVE,),
    ),
    rollback(
        "on what was uploaded last",
        "`live` points to `$LATEST`",
        LIVE_TO_2.replace('"2"', '"$LATEST"'),
        undo=(LIVE_TO_2,),
    ),
    rollback(
        "a version that there is not",
        "`live` points to version 0",
        LIVE_TO_2.replace('"2"', '"0"'),
        undo=(LIVE_TO_2,),
    ),
    rollback(
        "an alias of its own",
        "You have an alias `Live` on version 1, but the shop calls `live`",
        CREATE_LIVE.replace('"live"', '"Live"').replace('"2"', '"1"'),
        undo=(DELETE_LIVE.replace('"live"', '"Live"'),),
    ),
    rollback(
        "code put right, and not published",
        "You have changed the function, but `live` does not notice",
        GREETER_WITH_SHOP,
        UPLOAD_GREETER,
        undo=(GREETER_BAD, UPLOAD_GREETER),
    ),
    rollback(
        "code put right and published",
        "You have published version 3",
        GREETER_WITH_SHOP,
        UPLOAD_GREETER,
        WAIT.format(name="greeter"),
        'lambda_.publish_version(FunctionName="greeter")',
        undo=(
            'lambda_.delete_function(FunctionName="greeter", Qualifier="3")',
            GREETER_BAD,
            UPLOAD_GREETER,
        ),
    ),
    rollback(
        "half of the visitors",
        "sends only some of the visitors to version 1",
        DELETE_LIVE,
        CREATE_LIVE.replace('"2")', '"2", RoutingConfig={"AdditionalVersionWeights": {"1": 0.5}})'),
        undo=(DELETE_LIVE, CREATE_LIVE),
    ),
)
