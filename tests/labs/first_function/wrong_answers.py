"""Wrong answers in lab 01."""

from helpers.functions.deploy import WRITE_LOGS
from tests.notebooks.answers import Answer, Worked

worked = Worked("first-function")

GREETER = "first_function/greeter.py"
BODY = """\
    name = event.get("name") or "stranger"
    return {"message": f"Hello, {name}!"}"""
HELLO = "event.get('name') or 'stranger'"

UPLOAD = "lambda_.update_function_code(FunctionName={!r}, ZipFile=zip_of('first_function/{}.py'))"
WAIT = 'lambda_.get_waiter("function_updated_v2").wait(FunctionName="{}")'
GIVEN_RECEIPT = worked.answer("fix")[0].replace(
    '    if pieces == 0:\n        return {"total": 0, "average": 0}\n', ""
)
RECEIPT_BACK = (GIVEN_RECEIPT, UPLOAD.format("receipt", "receipt"))
REMOVE_GREETER = 'lambda_.delete_function(FunctionName="greeter")'
TRUST = 'iam.update_assume_role_policy(RoleName="greeter-role", PolicyDocument={})'
TRUST_BACK = TRUST.format("json.dumps(trust_lambda)")
LOGS = f'RoleName="greeter-role", PolicyArn="{WRITE_LOGS}"'
SET_SHOP = """\
lambda_.get_waiter("function_updated_v2").wait(FunctionName="greeter")
lambda_.update_function_configuration(
    FunctionName="greeter", Environment={"Variables": {"SHOP": "Corner shop"}}
)"""
EDIT = """\
file = Path("first_function/{0}.py")
given = file.read_text()
file.write_text(given.replace({1!r}, {2!r}))"""
LIVE = 'lambda_.{}_alias(FunctionName="greeter", Name="{}"{})'


def zipped(lines: str) -> str:
    """Return a cell that makes a package of its own, in the variable `other`."""
    return f"""\
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, "w") as archive:
    {lines}
other = buffer.getvalue()"""


def packed(lines: str, says: str, *first: str, undo: str = "pass") -> Answer:
    """Return the answer to `create` with another package."""
    change = ('"ZipFile": package', '"ZipFile": other')
    return worked.mutate("create", change, says=says, first=(*first, zipped(lines)), undo=undo)


def edited(
    exercise: str, function: str, old: str, new: str, says: str, *then: str, undo: str = "pass"
) -> Answer:
    """Return an answer that changes the code of one of the sheet's functions, and uploads it."""
    upload = UPLOAD.format(function, function)
    back = ("file.write_text(given)", upload, WAIT.format(function), undo)
    cells = (EDIT.format(function, old, new), upload, *then)
    return worked.cells(exercise, *cells, says=says, undo=back)


def configured(exercise: str, function: str, setting: str, back: str, says: str) -> Answer:
    call = f'lambda_.update_function_configuration(FunctionName="{function}", {{}})'
    undo = (WAIT.format(function), call.format(back))
    return worked.cells(exercise, call.format(setting), says=says, undo=undo)


HANDLER = (
    *worked.swap(
        "handler",
        BODY,
        {
            f'    print({{"message": f"Hello, {{{HELLO}}}!"}})': "result: handler.printed",
            "    return {'message': f\"Hello, {event['name']}!\"}": "code: handler.no-name",
            "    return {'message': f\"Hello, {event.get('name', 'stranger')}!\"}": (
                "result: handler.not-stranger"
            ),
            "    return {'message': f\"Hello, {event.get('name')}!\"}": (
                "result: handler.not-stranger"
            ),
            f'    return f"Hello, {{{HELLO}}}!"': "result: handler.bare-string",
            f'    return {{"message": f"Hello {{{HELLO}}}!"}}': "result: handler.other-text",
            '    return {"message": "Hello, Ada!"}': "result: handler.same-to-all",
            f'    return {{"text": f"Hello, {{{HELLO}}}!"}}': "result: handler.not-message",
            f'    return {{f"Hello, {{{HELLO}}}!"}}': "result: handler.not-json",
            '    if event.get("name"):\n        return {"message": f"Hello, {event[\'name\']}!"}': (
                "result: handler.nothing-returned"
            ),
            '    return {"message": "Hello, " + (event.get("name") or "stranger" + "!"}': (
                "code: file.syntax"
            ),
            f'    name = {HELLO}\n      return {{"message": f"Hello, {{name}}!"}}': (
                "code: file.indentation"
            ),
            "    return {'message': nmae}": "code: handler.failed",
            "    while True:\n        pass": "code: file.too-long",
            "    import os\n    os._exit(0)": "code: file.ended",
        },
    ),
    worked.mutate("handler", ("def handler", "def handle"), says="configuration: file.handler"),
    worked.mutate("handler", ("(event, context)", "(event)"), says="code: file.inputs"),
    worked.mutate(
        "handler", ("def handler", "import nowhere\ndef handler"), says="code: file.import"
    ),
    worked.mutate(
        "handler",
        ("greeter.py", "Greeter.py"),
        first=f"import os; os.remove('{GREETER}')",
        says="package: handler.elsewhere",
        undo="os.remove('first_function/Greeter.py')",
    ),
    worked.mutate(
        "handler",
        (GREETER, "greeter.py"),
        says="package: handler.elsewhere",
        undo="os.remove('greeter.py')",
    ),
)

CREATE = (
    *worked.swap(
        "create",
        '"greeter.handler"',
        {
            '"handler"': "configuration: function.no-handler",
            '"greeter.lambda_handler"': "configuration: function.no-handler",
            '"greeter.py.handler"': "configuration: function.no-handler",
        },
    ),
    packed(f'archive.write("{GREETER}")', "package: code.not-in-package"),
    packed("pass", "package: code.not-in-package"),
    packed(
        'archive.writestr("greeter.py", "def handler(event, context):\\n    return 1")',
        "package: code.not-deployed",
    ),
    packed(
        'archive.writestr("greeter.py", "def handler(event, context):\\n    oops")',
        "package: code.not-deployed",
    ),
    packed(
        f'archive.write("{GREETER}", "greeter.py")',
        "package: function.no-module",
        f'from pathlib import Path\ngreeter = Path("{GREETER}")\nwas_right = greeter.read_text()\n'
        'greeter.write_text("import numpy\\n" + was_right)',
        undo="greeter.write_text(was_right)",
    ),
    packed(
        f'archive.write("{GREETER}", "greeter.py")',
        "result: create.wrong-answer",
        f'from pathlib import Path\ngreeter = Path("{GREETER}")\nwas_right = greeter.read_text()\n'
        'greeter.write_text(was_right.replace("Hello, ", "Hello "))',
        undo="greeter.write_text(was_right)",
    ),
    worked.mutate(
        "create",
        ("Role=role_arn", "Role=role_arn"),
        first='role_arn = role_arn.replace("greeter-role", "greeter_role")',
        says="role: create.other-arn",
        undo='role_arn = role["Role"]["Arn"]',
    ),
    *(
        worked.mutate(
            "create",
            ("Role=role_arn", "Role=role_arn"),
            first=TRUST.format(f"json.dumps(trust_lambda).replace({old!r}, {new!r})"),
            says="role: create.no-trust",
            undo=TRUST_BACK,
        )
        for old, new in (("lambda.", "ec2."), ("Allow", "Deny"))
    ),
    worked.cells(
        "create",
        *worked.answer("create"),
        f"iam.detach_role_policy({LOGS})",
        says="role: create.no-log",
        undo=f"iam.attach_role_policy({LOGS})",
    ),
    worked.cells(
        "create",
        *worked.answer("create"),
        f'iam.detach_role_policy({LOGS})\niam.delete_role(RoleName="greeter-role")',
        says="role: create.no-role",
        undo=(
            'iam.create_role(RoleName="greeter-role", '
            "AssumeRolePolicyDocument=json.dumps(trust_lambda))",
            f"iam.attach_role_policy({LOGS})",
        ),
    ),
    worked.mutate(
        "create",
        ("role_arn", 'other_role["Role"]["Arn"]'),
        first='other_role = iam.create_role(RoleName="everything", '
        "AssumeRolePolicyDocument=json.dumps(trust_lambda))",
        says="role: create.other-role",
        undo='iam.delete_role(RoleName="everything")',
    ),
    worked.mutate(
        "create",
        ('    FunctionName="greeter"', '    FunctionName="Greeter"'),
        says="function: create.other-name",
        undo='lambda_.delete_function(FunctionName="Greeter")',
    ),
)

SMOOTH = ("total / pieces", "total / max(pieces, 1)")
FIX = (
    *worked.swap(
        "fix",
        '    if pieces == 0:\n        return {"total": 0, "average": 0}\n',
        {
            '    if event["items"] is None:\n        return {}\n': "code: fix.still-fails",
            "    if pieces == 0:\n        return None\n": "result: fix.no-empty-receipt",
            "    if pieces == 0:\n        return 0\n": "result: fix.no-empty-receipt",
            '    return {"total": 0, "average": 0}\n': "result: fix.all-zero",
            "    pieces = max(len(event['items']), 1)\n": "result: fix.over-lines",
            "    pieces = peices or 1\n": "code: fix.fails",
        },
        undo=RECEIPT_BACK,
    ),
    worked.mutate(
        "fix",
        ('item["price"] * item["quantity"]', 'item["price"]'),
        says="result: fix.other-receipt",
        undo=RECEIPT_BACK,
    ),
    worked.mutate(
        "fix",
        ('item["price"] * item["quantity"]', 'item.get("price", 0) * item["quantity"]'),
        says="code: fix.swallowed",
        undo=RECEIPT_BACK,
    ),
    worked.mutate(
        "fix",
        ("(event, context):", "(event, context)"),
        says="code: function.syntax",
        undo=RECEIPT_BACK,
    ),
    worked.cells(
        "fix",
        worked.answer("fix")[0],
        says="package: code.not-deployed",
        undo=RECEIPT_BACK,
    ),
    worked.mutate(
        "fix",
        ('zip_of("first_function/receipt.py")', "early"),
        first='early = zip_of("first_function/receipt.py")',
        says="package: code.not-deployed",
        undo=RECEIPT_BACK,
    ),
    worked.mutate(
        "fix",
        ('FunctionName="receipt", ZipFile', 'FunctionName="greeter", ZipFile'),
        says="function: fix.went-elsewhere",
        undo=(*RECEIPT_BACK, UPLOAD.format("greeter", "greeter")),
    ),
    worked.mutate(
        "fix",
        ('zip_of("first_function/receipt.py")', "other"),
        first=zipped('archive.write("first_function/receipt.py")'),
        says="package: code.not-in-package",
        undo=RECEIPT_BACK,
    ),
)

ENVIRONMENT = (
    *worked.swap(
        "environment",
        '"SHOP": "Corner shop", "GREETING": "Bonjour"',
        {
            '"GREETING": "Bonjour"': "configuration: environment.replaced",
            '"SHOP": "Corner shop", "Greeting": "Bonjour"': "configuration: environment.capitals",
            '"SHOP": "Corner shop", "GREETINGS": "Bonjour"': "configuration: environment.spelling",
            '"SHOP": "Corner shop", "HELLO": "Bonjour"': "configuration: environment.spelling",
            '"SHOP": "Corner shop", "GREETING": "bonjour"': (
                "configuration: environment.other-value"
            ),
            '"SHOP": "Corner shop", "GREETING": "Bonjour,"': (
                "configuration: environment.other-value"
            ),
            '"SHOP": "Magasin", "GREETING": "Bonjour"': "configuration: environment.other-shop",
        },
        undo=SET_SHOP,
    ),
    edited(
        "environment",
        "greeter",
        'os.environ.get("GREETING", "Hello")',
        '"Bonjour"',
        "code: environment.in-the-code",
    ),
    edited("environment", "greeter", '"Hello"', '"Bonjour"', "code: environment.in-the-code"),
    edited(
        "environment",
        "greeter",
        'os.environ.get("GREETING", "Hello")',
        '"Hello"',
        "code: environment.not-read",
        WAIT.format("greeter"),
        *worked.answer("environment"),
        undo=SET_SHOP,
    ),
    worked.cells(
        "environment",
        'import os\nos.environ["GREETING"] = "Bonjour"',
        says="configuration: environment.in-the-notebook",
        undo='del os.environ["GREETING"]',
    ),
    worked.mutate(
        "environment",
        ('    FunctionName="greeter"', '    FunctionName="receipt"'),
        says="function: environment.other-function",
        undo='lambda_.update_function_configuration(FunctionName="receipt", '
        'Environment={"Variables": {}})',
    ),
)

LESS_SLEEP = ('sleep(event["seconds"])', "sleep(0.5)")
SLOW = ("time-out", "slow_report")
TIME_OUT = (
    configured(*SLOW, "MemorySize=512", "MemorySize=128", "configuration: time-out.memory-instead"),
    configured(*SLOW, "Timeout=900", "Timeout=1", "configuration: time-out.too-long"),
    configured(*SLOW, "Timeout=2000", "Timeout=1", "configuration: time-out.milliseconds"),
    configured(
        "time-out", "receipt", "Timeout=5", "Timeout=3", "function: time-out.other-function"
    ),
    edited(*SLOW, *LESS_SLEEP, "code: limits.less-work"),
    edited(
        *SLOW,
        *LESS_SLEEP,
        "code: limits.less-work",
        WAIT.format("slow_report"),
        *worked.answer("time-out"),
        undo='lambda_.update_function_configuration(FunctionName="slow_report", Timeout=1)',
    ),
    edited(
        *SLOW,
        "time.sleep(event",
        "time.sleep(9 + event",
        "configuration: time-out.too-short",
        WAIT.format("slow_report"),
        *worked.answer("time-out"),
        undo='lambda_.update_function_configuration(FunctionName="slow_report", Timeout=1)',
    ),
)

PLAN = ("memory", "resize_plan")
MEMORY = (
    configured(*PLAN, "MemorySize=129", "MemorySize=128", "configuration: memory.too-little"),
    configured(*PLAN, "MemorySize=150", "MemorySize=128", "configuration: memory.too-little"),
    configured(*PLAN, "MemorySize=3008", "MemorySize=128", "configuration: memory.too-much"),
    configured(*PLAN, "Timeout=30", "Timeout=3", "configuration: memory.time-instead"),
    configured(
        *PLAN,
        'EphemeralStorage={"Size": 1024}',
        'EphemeralStorage={"Size": 512}',
        "configuration: memory.disk-instead",
    ),
    configured(
        "memory",
        "slow_report",
        "MemorySize=256",
        "MemorySize=128",
        "function: memory.other-function",
    ),
    edited(*PLAN, 'event["megabytes"]', "50", "code: limits.less-work"),
)

TO_2 = ', FunctionVersion="2"'
PUT_RIGHT = ("greeter", '"Goodbye!"', '"Hello!"')
ROLLBACK = (
    *worked.swap(
        "rollback",
        'FunctionVersion="1"',
        {
            'FunctionVersion="$LATEST"': "function: rollback.on-latest",
            'FunctionVersion="0"': "function: rollback.on-another",
        },
        undo=LIVE.format("update", "live", TO_2),
    ),
    worked.cells("rollback", LIVE.format("delete", "live", ""), says="function: rollback.no-alias"),
    worked.cells(
        "rollback",
        LIVE.format("create", "Live", ', FunctionVersion="1"'),
        says="function: rollback.other-alias",
        undo=LIVE.format("delete", "Live", ""),
    ),
    worked.cells(
        "rollback",
        LIVE.format("delete", "live", ""),
        LIVE.format(
            "create", "live", TO_2 + ', RoutingConfig={"AdditionalVersionWeights": {"1": 0.5}}'
        ),
        says="function: rollback.shared",
    ),
    edited("rollback", *PUT_RIGHT, "function: rollback.latest-changed"),
    edited(
        "rollback",
        *PUT_RIGHT,
        "function: rollback.published",
        WAIT.format("greeter"),
        'lambda_.publish_version(FunctionName="greeter")',
        undo='lambda_.delete_function(FunctionName="greeter", Qualifier="3")',
    ),
)

ANSWERS = (*HANDLER, *CREATE, *FIX, *ENVIRONMENT, *TIME_OUT, *MEMORY, *ROLLBACK)
