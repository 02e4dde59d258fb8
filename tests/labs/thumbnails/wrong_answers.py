"""Wrong answers in lab 05."""

from tests.notebooks.answers import Answer, Worked

worked = Worked("thumbnails")

FOLDER = "thumbnails/thumbnailer"
DEPLOY = f'lab.deploy("{FOLDER}", packages=["pillow"])'
BARE = f'lab.deploy("{FOLDER}")'
BRAKE = 'lambda_.put_function_concurrency(FunctionName="backup", ReservedConcurrentExecutions=0)'
RELEASE = 'lambda_.delete_function_concurrency(FunctionName="backup")'
UNRULED = "s3.put_bucket_notification_configuration(Bucket={}, NotificationConfiguration={})"


# package

PIL = '__import__("PIL").__path__[0]'
COPY_PIL = 'import shutil\nshutil.copytree({}, "{}", ignore=shutil.ignore_patterns({}))'
GALLERY_BACK = f'lab.deploy("{FOLDER}", environment={{"GALLERY": gallery}})'


def package(says: str, *cells: str, undo: str | tuple[str, ...] = ()) -> Answer:
    return worked.cells("package", *cells, says=says, undo=(*undo, BARE) if undo else (BARE,))


PACKAGE = (
    package(
        "package: package.no-libraries",
        COPY_PIL.format(PIL, f"{FOLDER}/PIL", '"__pycache__"'),
        BARE,
        undo=(f'shutil.rmtree("{FOLDER}/PIL")',),
    ),
    package(
        "package: package.in-a-folder",
        COPY_PIL.format(PIL, f"{FOLDER}/libraries/PIL", '"__pycache__", "*.so"'),
        BARE,
        undo=(f'shutil.rmtree("{FOLDER}/libraries")',),
    ),
    package(
        "function: package.other-function",
        f'lab.deploy("{FOLDER}", name="thumbnails", handler="thumbnailer.handler", '
        'packages=["pillow"])',
        undo=('boto3.client("lambda").delete_function(FunctionName="thumbnails")',),
    ),
    package(
        "code: function.raised",
        f'Path("{FOLDER}/PIL").mkdir()\n'
        f'Path("{FOLDER}/PIL/__init__.py").write_text("class Image: pass\\n")',
        BARE,
        undo=(f'Path("{FOLDER}/PIL/__init__.py").unlink(); Path("{FOLDER}/PIL").rmdir()',),
    ),
    *worked.swap(
        "package",
        'thumbnailer", packages',
        {
            'thumbnailer/thumbnailer.py", packages': "package: package.file-left-out",
            'thumbnailer", environment={}, packages': "configuration: package.no-gallery",
            'thumbnailer", environment={"GALLERY": uploads}, packages': (
                "configuration: package.other-gallery"
            ),
        },
        undo=GALLERY_BACK,
    ),
)


# role

READ = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{uploads}/*"}'
WRITE = READ.replace("Get", "Put").replace("uploads", "gallery")
GET, DELETE_TOO = '"s3:GetObject"', '["s3:GetObject", "s3:DeleteObject"]'
PUT = 'iam.put_role_policy(\n    RoleName="thumbnailer-role", PolicyName="photos", '
PHOTOS_ROLE = (
    'trust = iam.get_role(RoleName="thumbnailer-role")["Role"]["AssumeRolePolicyDocument"]\n'
    'iam.create_role(RoleName="photos-role", AssumeRolePolicyDocument=json.dumps(trust))'
)
NO_PHOTOS_ROLE = (
    'iam.delete_role_policy(RoleName="photos-role", PolicyName="photos")\n'
    'iam.delete_role(RoleName="photos-role")'
)
PERMIT = 'lambda_.{}_permission(FunctionName="thumbnailer", StatementId="wrong"{})'
FROM_UPLOADS = (
    ', Principal="s3.amazonaws.com", Action="lambda:InvokeFunction", '
    'SourceArn=f"arn:aws:s3:::{uploads}"'
)
LOGS = 'RoleName="thumbnailer-role", PolicyArn=logs'


def allowing(*statements: str) -> str:
    """Return a cell that puts a policy of these statements into the role."""
    policy = f'{{"Version": "2012-10-17", "Statement": [{", ".join(statements)}]}}'
    return f"{PUT}PolicyDocument=json.dumps({policy}))"


ALLOW_BOTH = allowing(READ, WRITE)


STATEMENTS = {  # in the place of the two
    "role: least-privilege.one-missing": [READ, WRITE],
    "role: least-privilege.names-the-bucket": [
        f"{READ.replace('/*', '')}, {WRITE.replace('/*', '')}",
        f"{READ}, {WRITE.replace('/*', '/')}",
    ],
    "role: least-privilege.swapped": [
        f"{READ.replace('uploads', 'gallery')}, {WRITE.replace('gallery', 'uploads')}"
    ],
    "role: least-privilege.other-resource": [
        f"{READ}, {WRITE.replace('gallery', 'uploads')}",
        f"{READ.replace('{uploads}', 'photos')}, {WRITE}",
    ],
    "role: least-privilege.only-some": [
        f"{READ.replace('/*', '/incoming/rocket.jpg')}, {WRITE}",
        f"{READ}, {WRITE.replace('/*', '/small/*')}",
    ],
    "role: least-privilege.no-such-action": [f"{READ.replace('GetObject', 'getObjects')}, {WRITE}"],
    "role: least-privilege.other-action": [f"{READ}, {WRITE.replace('PutObject', 'GetObject')}"],
    "role: least-privilege.denied": [
        f"{READ}, {WRITE}, {WRITE.replace('Allow', 'Deny').replace('/*', '/large/*')}"
    ],
    "role: least-privilege.condition": [
        f'{READ[:-1]}, "Condition": {{"StringEquals": {{"aws:PrincipalAccount": "1"}}}}}}, {WRITE}'
    ],
    "role: least-privilege.principal": [
        f'{READ[:-1]}, "Principal": {{"Service": "lambda.amazonaws.com"}}}}, {WRITE}'
    ],
    "role: least-privilege.wild-action": [
        f"{READ.replace('GetObject', '*')}, {WRITE.replace('PutObject', '*')}",
        f"{READ.replace('GetObject', 'Get*')}, {WRITE}",
        '{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}',
    ],
    "role: least-privilege.wild-resource": [
        f"{READ.replace('arn:aws:s3:::{uploads}/', '')}, {WRITE.replace('{gallery}/', '')}",
        f"{READ.replace('/*', '*')}, {WRITE}",
    ],
    "role: least-privilege.each-on-each": [
        '{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], '
        '"Resource": [f"arn:aws:s3:::{uploads}/*", f"arn:aws:s3:::{gallery}/*"]}'
    ],
    "role: least-privilege.leave-out": [
        f"{READ.replace(GET, DELETE_TOO)}, {WRITE}",
        f"{READ}, {WRITE}, {READ.replace('GetObject', 'ListBucket').replace('/*', '')}",
    ],
    "role: least-privilege.all-but": [
        '{"Effect": "Allow", "NotAction": "s3:DeleteObject", "Resource": "*"}'
    ],
}

ROLE = (
    *(
        worked.mutate("role", (f"{READ},\n    {WRITE}", statements), says=says)
        for says, several in STATEMENTS.items()
        for statements in several
    ),
    worked.mutate(
        "role",
        says="role: least-privilege.not-needed",
        then=PUT.replace("photos", "try")
        + 'PolicyDocument=json.dumps(policy).replace("Put", "*"))',
    ),
    worked.mutate(
        "role",
        says="role: least-privilege.one-missing",
        then=allowing(READ),
    ),
    worked.mutate(
        "role", says="role: least-privilege.no-logs", then=f"iam.detach_role_policy({LOGS})"
    ),
    worked.mutate(
        "role",
        (PUT, PUT.replace("thumbnailer", "photos")),
        says="role: misplaced-policy.other-role",
        first=PHOTOS_ROLE,
        undo=NO_PHOTOS_ROLE,
    ),
    worked.mutate(
        "role",
        (PUT, 'made = iam.create_policy(PolicyName="photos", '),
        says="role: misplaced-policy.not-attached",
        undo='iam.delete_policy(PolicyArn=made["Policy"]["Arn"])',
    ),
    worked.mutate(
        "role",
        (PUT, PUT.replace("thumbnailer", "photos")),
        says="role: role.runs-as-another",
        first=PHOTOS_ROLE,
        then=f'{DEPLOY[:-1]}, role="photos-role")',
        undo=(DEPLOY, NO_PHOTOS_ROLE),
    ),
    worked.cells(
        "role",
        'full = "arn:aws:iam::aws:policy/AmazonS3FullAccess"\n'
        'iam.attach_role_policy(RoleName="thumbnailer-role", PolicyArn=full)',
        says="role: least-privilege.managed-by-aws",
    ),
    worked.cells(
        "role",
        PERMIT.format("add", FROM_UPLOADS),
        says="role: misplaced-policy.function-policy",
        undo=PERMIT.format("remove", ""),
    ),
    worked.cells(
        "role",
        f"""\
reader = iam.get_role(RoleName="thumbnailer-role")["Role"]["Arn"]
for bucket, statement in ((uploads, {READ}), (gallery, {WRITE})):
    statement["Principal"] = {{"AWS": reader}}
    document = {{"Version": "2012-10-17", "Statement": [statement]}}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))""",
        says="role: misplaced-policy.resource-policy",
        undo="for bucket in (uploads, gallery): s3.delete_bucket_policy(Bucket=bucket)",
    ),
)


# fit

RESIZE = "picture = picture.resize([round(side * factor) for side in picture.size])"

FIT = (
    *worked.swap(
        "fit",
        "picture.thumbnail((edge, edge))",
        {
            "picture = picture.resize((edge, edge), Image.Resampling.BICUBIC)": (
                "code: fit.stretched"
            ),
            f"factor = edge / max(picture.size)\n    {RESIZE}": "code: fit.enlarged",
            "side = min(picture.size)\n    picture = picture.crop((0, 0, side, side))\n"
            "    picture.thumbnail((edge, edge))": "code: fit.stretched",
            "factor = min(edge / max(picture.size), 1)\n    width, height = picture.size\n"
            "    picture = picture.crop((0, 0, width // 2, height // 2))\n"
            "    picture = picture.resize((round(width * factor), round(height * factor)))": (
                "code: fit.cut"
            ),
            f"factor = min(edge / picture.width, 1)\n    {RESIZE}": "code: fit.too-large",
            f"factor = min(edge / max(picture.size), 1)\n    {RESIZE.partition(' = ')[2]}": (
                "code: fit.not-kept"
            ),
            "picture = picture.thumbnail((edge, edge))": "code: function.raised",
            "picture.thumbnail((edge // 2, edge // 2))": "code: fit.too-small",
            "picture.thumbnail((edge, edge)) if max(picture.size) > edge "
            "else picture.thumbnail((30, 30))": "code: fit.shrunk",
        },
    ),
    worked.mutate("fit", ('"JPEG", quality=85', '"PNG"'), says="code: thumbnail.not-jpeg"),
    worked.cells("fit", worked.answer("fit")[0], says="package: code.not-deployed"),
)


# loop

COPY = '        copy = f"backup/{name}"\n'
CALL = '        s3.copy_object(Bucket=bucket, Key=copy, CopySource={"Bucket": bucket, "Key": key})'
FUSE = "        if len(key) > 60:  # a fuse: remember this line\n            return\n"
DELETE = "        s3.delete_object(Bucket=bucket, Key=key)"
GIVE = """\
document = json.dumps({{"Version": "2012-10-17", "Statement": [reading, writing{}]}})
iam.put_role_policy(RoleName="backup-role", PolicyName="copying", PolicyDocument=document)"""
MAY_DELETE = ', {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": f"{own}/*"}'


def backup(says: str, *changes: tuple[str, str], then: str = "", undo: str = "") -> Answer:
    """Return the worked answer with changes; the brake is on again after it."""
    around = {"then": then} if then else {}
    undone = (undo, BRAKE) if undo else (BRAKE,)
    return worked.mutate("loop", *changes, says=says, undo=undone, **around)


LOOP = (
    backup("effect: loop.still-loops", (COPY, "")),
    backup(
        "effect: loop.still-loops",
        (COPY, ""),
        (FUSE, '        if "copy-of-" in key:\n            return\n'),
    ),
    backup("effect: loop.still-loops", (COPY, COPY.replace("backup/", "incoming/backup/"))),
    backup(
        "effect: loop.still-loops", (COPY, f"{COPY}{CALL}\n        copy = 'incoming/' + copy\n")
    ),
    backup(
        "effect: loop.several", (CALL, f"{CALL}\n{CALL.replace('Key=copy', 'Key=copy + name')}")
    ),
    backup("effect: loop.other-name", (COPY, COPY.replace("{name}", "copy-of-{name}"))),
    backup(
        "effect: loop.other-bytes",
        (CALL, '        s3.put_object(Bucket=bucket, Key=copy, Body=b"copied")'),
    ),
    backup("configuration: loop.braked", (RELEASE, "")),
    backup("code: refused.beyond-its-work", (CALL, f"{CALL}\n{DELETE}")),
    backup(
        "effect: loop.moved",
        (CALL, f"{CALL}\n{DELETE}"),
        then=GIVE.format(MAY_DELETE),
        undo=GIVE.format(""),
    ),
    backup("code: loop.failed", (CALL, f"{CALL}\n        raise KeyError(key)")),
    backup(
        "code: refused.beyond-its-work", (CALL, CALL.replace("Bucket=bucket", 'Bucket="b-ups"', 1))
    ),
    worked.cells(
        "loop",
        UNRULED.format("playground", "{}"),
        RELEASE,
        says="event source: loop.no-rule",
        undo=(UNRULED.format("playground", '{"LambdaFunctionConfigurations": [rule]}'), BRAKE),
    ),
)


# trigger

FILTERS = '[{"Name": "prefix", "Value": "incoming/"}, {"Name": "suffix", "Value": suffix}]'
RULES = '[rule_for(".jpg"), rule_for(".png")]'
ALLOW = worked.answer("trigger")[1].partition("rules =")[0]
SOURCE = 'SourceArn=f"arn:aws:s3:::{uploads}"'
ON_UPLOADS = "Bucket=uploads, Notif"


def trigger(says: str, *changes: tuple[str, str]) -> Answer:
    return worked.mutate("trigger", *changes, says=says)


TRIGGER = (
    worked.cells(
        "trigger", PERMIT.format("add", FROM_UPLOADS), says="event source: s3-notification.no-rules"
    ),
    worked.mutate("trigger", (ALLOW, ""), says="permission: permission.no-policy"),
    worked.mutate(
        "trigger",
        (SOURCE, SOURCE.replace("uploads", "gallery")),
        says="permission: permission.other-source",
    ),
    worked.mutate(
        "trigger",
        ("s3.amazonaws", "events.amazonaws"),
        says="permission: permission.other-principal",
    ),
    trigger(
        "event source: s3-notification.other-bucket",
        (SOURCE, SOURCE.replace("uploads", "gallery")),
        (ON_UPLOADS, ON_UPLOADS.replace("uploads", "gallery")),
    ),
    trigger(
        "event source: s3-notification.refused-for-bucket",
        (ON_UPLOADS, ON_UPLOADS.replace("uploads", "gallery")),
    ),
    trigger(
        "event source: s3-notification.refused-for-function",
        ('"LambdaFunctionArn": arn', '"LambdaFunctionArn": backup.arn'),
    ),
    trigger("event source: s3-notification.replaced", (RULES, '[rule_for(".png")]')),
    trigger(
        "event source: s3-notification.no-suffix", (', {"Name": "suffix", "Value": suffix}', "")
    ),
    trigger("event source: s3-notification.no-dot", (RULES, RULES.replace(".", ""))),
    trigger(
        "event source: s3-notification.no-prefix",
        ('{"Name": "prefix", "Value": "incoming/"}, ', ""),
    ),
    trigger("event source: s3-notification.not-for", ('"incoming/"', '"/incoming/"')),
    trigger("event source: s3-notification.wrong-events", ("ObjectCreated:*", "ObjectCreated:Put")),
)


# keys

DECODE = "        key = urllib.parse.unquote_plus(key)\n"
SMALL = 'Bucket=os.environ["GALLERY"], Key=target'

KEYS = (
    *worked.swap(
        "keys",
        DECODE,
        {
            "": "code: keys.not-decoded",
            DECODE.replace("_plus", ""): "code: keys.plus-left",
            '        key = key.replace("+", " ")\n': "code: keys.accent-lost",
            2 * DECODE: "code: keys.decoded-twice",
            DECODE + DECODE.replace("_plus", ""): "code: keys.decoded-twice",
        },
    ),
    worked.mutate(
        "keys",
        (DECODE, ""),
        ("Key=key)[", "Key=urllib.parse.unquote_plus(key))["),
        says="code: keys.still-encoded",
    ),
    *worked.swap(
        "keys",
        ', ContentType="image/jpeg"',
        {"": "code: keys.no-type", ', ContentType="image/jpg"': "code: keys.wrong-type"},
    ),
    *worked.swap(
        "keys",
        SMALL,
        {
            SMALL.replace("target", '"small/" + target'): "code: keys.still-encoded",
            "Bucket=bucket, Key=key": "code: refused.beyond-its-work",
        },
    ),
    worked.mutate("keys", says="role: role.denied", then=allowing(WRITE), undo=ALLOW_BOTH),
    worked.mutate("keys", says="role: role.denied", then=allowing(READ), undo=ALLOW_BOTH),
)


# modes

TURN = "    picture = ImageOps.exif_transpose(picture)\n"
TO_RGB = '    picture = picture.convert("RGB")\n'

MODES = (
    *worked.swap(
        "modes",
        TURN,
        {
            "": "code: modes.not-turned",
            TURN.replace("picture = ", ""): "code: modes.not-turned",
            "    picture = picture.rotate(180)\n": "code: modes.turned",
        },
    ),
    *worked.swap(
        "modes",
        TO_RGB,
        {
            "": "code: modes.cant-write",
            f'    if picture.mode in ("P", "RGBA"):\n    {TO_RGB}': "code: modes.not-rgb",
            '    picture = picture.convert("L").convert("RGB")\n': "code: modes.other-colours",
            f"{TO_RGB}    picture = picture.resize((edge, edge))\n": "code: modes.not-fitted",
        },
    ),
    *worked.swap(
        "modes",
        "picture.has_transparency_data",
        {"False": "code: modes.hidden-shown", 'picture.mode == "RGBA"': "code: modes.hidden-shown"},
    ),
    *worked.swap(
        "modes",
        '"white"',
        {'"black"': "code: modes.hidden-shown", '"red"': "code: modes.not-white"},
    ),
    worked.mutate("modes", ("(below, above)", "(above, below)"), says="code: modes.bleached"),
)


# quarantine

FETCH = '        photo = s3.get_object(Bucket=bucket, Key=key)["Body"].read()\n'
TRY, MAKE = "        try:\n", "            small = thumbnail(photo, 160)\n"
ASIDE = '            put(f"quarantine/{name}", photo, Metadata={"reason": reason})\n'
WRITE_SMALL = '            put(f"small/{name}.jpg", small, ContentType="image/jpeg")'
ELSE = f"        else:\n{WRITE_SMALL}"
OS_ERROR, ANY_ERROR = "except OSError", "except Exception"


def quarantine(says: str, *changes: tuple[str, str]) -> Answer:
    return worked.mutate("quarantine", *changes, says=says)


QUARANTINE = (
    quarantine(
        "code: quarantine.swallowed",
        (FETCH + "        name", "        name"),
        (TRY, f"{TRY}    {FETCH}"),
        (ELSE, f"        {ANY_ERROR} as problem:\n            print(problem)\n{ELSE}"),
    ),
    quarantine(
        "code: quarantine.missing-put-aside",
        (FETCH + "        name", '        photo = b""\n        name'),
        (TRY, f"{TRY}    {FETCH}"),
        (OS_ERROR, ANY_ERROR),
    ),
    quarantine(
        "code: quarantine.refused-put-aside",
        (MAKE, f"{MAKE}{WRITE_SMALL}\n"),
        (OS_ERROR, ANY_ERROR),
        (ELSE, ""),
    ),
    quarantine(
        "code: quarantine.refused-swallowed",
        (
            ELSE,
            f"        else:\n            try:\n    {WRITE_SMALL}\n            {ANY_ERROR}: pass\n",
        ),
    ),
    quarantine(
        "code: quarantine.still-fails",
        ("import boto3\n", "import boto3\nfrom PIL import UnidentifiedImageError\n"),
        (OS_ERROR, "except UnidentifiedImageError"),
    ),
    *worked.swap(
        "quarantine",
        ASIDE,
        {
            f"{ASIDE}            raise\n": "code: quarantine.still-fails",
            f"{ASIDE}            return\n": "code: quarantine.stopped",
            ASIDE.replace(', Metadata={"reason": reason}', ""): "code: quarantine.no-reason",
            ASIDE.replace("reason})", 'name + ": " + reason})'): "code: quarantine.not-ascii",
            "            continue\n": "effect: quarantine.not-there",
            ASIDE.replace("put(f", "s3.put_object(Bucket=bucket, Key=f").replace(
                "photo", "Body=photo"
            ): "code: refused.beyond-its-work",
            f"{ASIDE}            s3.delete_object(Bucket=bucket, Key=key)\n": (
                "code: refused.beyond-its-work"
            ),
            ASIDE.replace("photo", "reason"): "code: quarantine.changed",
            ASIDE.replace("{name}", "{name}.txt"): "code: quarantine.elsewhere",
            f'{ASIDE}            put(f"small/{{name}}.jpg", b"?")\n': "code: quarantine.made-up",
        },
    ),
    quarantine(
        "code: quarantine.good-put-aside",
        (TRY, f'        put(f"quarantine/{{name}}", photo, Metadata={{"reason": "new"}})\n{TRY}'),
    ),
    quarantine("code: quarantine.good-missing", ('f"small/{name}.jpg"', '"none.jpg"')),
)


# sizes

MADE = "            made = {size: thumbnail(photo, edge) for size, edge in SIZES.items()}\n"
NAMED = 'f"{size}/{name}.jpg"'
PUT_ONE = f'                put({NAMED}, picture, ContentType="image/jpeg")'
PUT_EACH = f"            for size, picture in made.items():\n{PUT_ONE}"


def sizes(says: str, *changes: tuple[str, str]) -> Answer:
    return worked.mutate("sizes", *changes, says=says)


SIZES = (
    *worked.swap(
        "sizes",
        MADE,
        {
            MADE.replace("SIZES.items()", '[("small", 160)]'): "effect: sizes.missing",
            f'{MADE}            made["large"] = thumbnail(made["small"], 480)\n': (
                "code: sizes.from-small"
            ),
            f'            stem, _, ending = name.rpartition(".")\n'
            f'            name = f"{{stem}}.jpeg" if ending in ("PNG", "jpeg") else name\n{MADE}': (
                "code: sizes.collision"
            ),
            f'            s3.list_objects_v2(Bucket=os.environ["GALLERY"])\n{MADE}': (
                "code: refused.beyond-its-work"
            ),
        },
    ),
    *worked.swap(
        "sizes",
        PUT_ONE,
        {
            PUT_ONE.replace(', ContentType="image/jpeg"', ""): "code: sizes.no-type",
            PUT_ONE.replace("{name}", "{os.urandom(9).hex()}-{name}"): "code: sizes.elsewhere",
            f'{PUT_ONE}\n            put(f"log/{{os.urandom(9).hex()}}-{{name}}.txt", b"done")': (
                "code: sizes.more-objects"
            ),
            PUT_ONE.replace("picture,", "picture + os.urandom(9),"): "code: sizes.other-bytes",
        },
    ),
    sizes("code: sizes.wrong-size", ("160", "490"), ("480", "160"), ("490", "480")),
    sizes(
        "code: sizes.stale",
        ("import boto3\n", "import boto3\nfrom botocore.exceptions import ClientError\n"),
        (
            PUT_ONE,
            "                try:\n    "
            + PUT_ONE.replace('jpeg")', 'jpeg", IfNoneMatch="*")\n')
            + "                except ClientError as there:\n"
            '                    if "Precondition" not in str(there):\n'
            "                        raise\n",
        ),
    ),
    sizes(
        "code: quarantine.refused-put-aside",
        (f"        else:\n{PUT_EACH}", ""),
        (MADE, f"{MADE}{PUT_EACH}\n"),
        (OS_ERROR, ANY_ERROR),
    ),
    sizes("code: function.raised", (OS_ERROR, "except KeyError")),
    sizes("code: sizes.not-put-aside", ('put(f"quarantine/{name}", photo, ', "dict(")),
)

ANSWERS = (*PACKAGE, *ROLE, *FIT, *LOOP, *TRIGGER, *KEYS, *MODES, *QUARANTINE, *SIZES)
