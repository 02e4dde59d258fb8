"""Wrong answers in lab 05."""

from collections.abc import Mapping, Sequence

from tests.notebooks.answers import Answer, Undo, Worked

worked = Worked("thumbnails")

FOLDER = "thumbnails/thumbnailer"
DEPLOY = f'lab.deploy("{FOLDER}", packages=["pillow"])'
BARE = f'lab.deploy("{FOLDER}")'
BRAKE = 'lambda_.put_function_concurrency(FunctionName="backup", ReservedConcurrentExecutions=0)'
RELEASE = 'lambda_.delete_function_concurrency(FunctionName="backup")'
UNRULED = "s3.put_bucket_notification_configuration(Bucket={}, NotificationConfiguration={})"


def table(
    exercise: str, rows: Mapping[str, Sequence[tuple[str, ...]]], undo: Undo = ()
) -> tuple[Answer, ...]:
    """Return the worked answer with the changes of each row (old, new, old, new…), by verdict."""
    return tuple(
        worked.mutate(exercise, *zip(row[::2], row[1::2], strict=True), says=says, undo=undo)
        for says, several in rows.items()
        for row in several
    )


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

THUMBNAIL = "picture.thumbnail((edge, edge))"
RESIZE = "picture = picture.resize([round(side * factor) for side in picture.size])"
FACTOR = "factor = min(edge / max(picture.size), 1)"
HALF = """\
width, height = picture.size
    picture = picture.crop((0, 0, width // 2, height // 2))
    picture = picture.resize((round(width * factor), round(height * factor)))"""
SQUARE = "side = min(picture.size)\n    picture = picture.crop((0, 0, side, side))"

FIT = (
    *table(
        "fit",
        {
            "code: fit.stretched": [
                (THUMBNAIL, "picture = picture.resize((edge, edge), Image.Resampling.BICUBIC)"),
                (THUMBNAIL, f"{SQUARE}\n    {THUMBNAIL}"),
            ],
            "code: fit.enlarged": [(THUMBNAIL, f"factor = edge / max(picture.size)\n    {RESIZE}")],
            "code: fit.cut": [(THUMBNAIL, f"{FACTOR}\n    {HALF}")],
            "code: fit.too-large": [
                (THUMBNAIL, f"factor = min(edge / picture.width, 1)\n    {RESIZE}")
            ],
            "code: fit.not-kept": [(THUMBNAIL, f"{FACTOR}\n    {RESIZE.partition(' = ')[2]}")],
            "code: fit.too-small": [(THUMBNAIL, "picture.thumbnail((edge // 2, edge // 2))")],
            "code: fit.shrunk": [
                (
                    THUMBNAIL,
                    "picture.thumbnail((160, 160) if max(picture.size) > 160 else (30, 30))",
                )
            ],
            "code: function.raised": [(THUMBNAIL, f"picture = {THUMBNAIL}")],
            "code: thumbnail.not-jpeg": [('"JPEG", quality=85', '"PNG"')],
        },
    ),
    worked.cells("fit", worked.answer("fit")[0], says="package: code.not-deployed"),
)


# loop

COPY = '        copy = f"backup/{name}"\n'
CALL = '        s3.copy_object(Bucket=bucket, Key=copy, CopySource={"Bucket": bucket, "Key": key})'
FUSE = "        if len(key) > 60:  # a fuse: remember this line\n            return\n"
STOP = '        if "copy-of-" in key:\n            return\n'
DELETE = "        s3.delete_object(Bucket=bucket, Key=key)"
GIVE = """\
document = json.dumps({{"Version": "2012-10-17", "Statement": [reading, writing{}]}})
iam.put_role_policy(RoleName="backup-role", PolicyName="copying", PolicyDocument=document)"""
MAY_DELETE = ', {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": f"{own}/*"}'

LOOP = (
    *table(
        "loop",
        {
            "effect: loop.still-loops": [
                (COPY, ""),
                (COPY, "", FUSE, STOP),
                (COPY, COPY.replace("backup/", "incoming/backup/")),
                (COPY, f"{COPY}{CALL}\n        copy = 'incoming/' + copy\n"),
            ],
            "effect: loop.several": [
                (CALL, f"{CALL}\n{CALL.replace('Key=copy', 'Key=copy + name')}")
            ],
            "effect: loop.other-name": [(COPY, COPY.replace("{name}", "copy-of-{name}"))],
            "effect: loop.other-bytes": [
                (CALL, '        s3.put_object(Bucket=bucket, Key=copy, Body=b"copied")')
            ],
            "configuration: loop.braked": [(RELEASE, "")],
            "code: loop.failed": [(CALL, f"{CALL}\n        raise KeyError(key)")],
            "code: refused.beyond-its-work": [
                (CALL, f"{CALL}\n{DELETE}"),
                (CALL, CALL.replace("(Bucket=bucket", '(Bucket="backups"')),
            ],
        },
        undo=BRAKE,
    ),
    worked.mutate(
        "loop",
        (CALL, f"{CALL}\n{DELETE}"),
        says="effect: loop.moved",
        then=GIVE.format(MAY_DELETE),
        undo=(GIVE.format(""), BRAKE),
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

PREFIX, SUFFIX = (
    '{"Name": "prefix", "Value": "incoming/"}, ',
    ', {"Name": "suffix", "Value": suffix}',
)
RULES = '[rule_for(".jpg"), rule_for(".png")]'
ALLOW = worked.answer("trigger")[1].partition("rules =")[0]
SOURCE, OTHER_SOURCE = (f'SourceArn=f"arn:aws:s3:::{{{each}}}"' for each in ("uploads", "gallery"))
ON_UPLOADS, ON_GALLERY = "Bucket=uploads, Notif", "Bucket=gallery, Notif"

TRIGGER = (
    worked.cells(
        "trigger", PERMIT.format("add", FROM_UPLOADS), says="event source: s3-notification.no-rules"
    ),
    *table(
        "trigger",
        {
            "permission: permission.no-policy": [(ALLOW, "")],
            "permission: permission.other-source": [(SOURCE, OTHER_SOURCE)],
            "permission: permission.other-principal": [("s3.amazonaws", "events.amazonaws")],
            "event source: s3-notification.other-bucket": [
                (SOURCE, OTHER_SOURCE, ON_UPLOADS, ON_GALLERY)
            ],
            "event source: s3-notification.refused-for-bucket": [(ON_UPLOADS, ON_GALLERY)],
            "event source: s3-notification.refused-for-function": [
                ('"LambdaFunctionArn": arn', '"LambdaFunctionArn": backup.arn')
            ],
            "event source: s3-notification.replaced": [(RULES, '[rule_for(".png")]')],
            "event source: s3-notification.no-suffix": [(SUFFIX, "")],
            "event source: s3-notification.no-dot": [(RULES, RULES.replace(".", ""))],
            "event source: s3-notification.no-prefix": [(PREFIX, "")],
            "event source: s3-notification.not-for": [('"incoming/"', '"/incoming/"')],
            "event source: s3-notification.wrong-events": [("Created:*", "Created:Put")],
        },
    ),
)


# keys

DECODE = "        key = urllib.parse.unquote_plus(key)\n"
DECODE_LESS = DECODE.replace("_plus", "")
TARGET, TYPE = 'Bucket=os.environ["GALLERY"], Key=target', ', ContentType="image/jpeg"'

KEYS = (
    *table(
        "keys",
        {
            "code: keys.not-decoded": [(DECODE, "")],
            "code: keys.plus-left": [(DECODE, DECODE_LESS)],
            "code: keys.accent-lost": [(DECODE, '        key = key.replace("+", " ")\n')],
            "code: keys.decoded-twice": [(DECODE, 2 * DECODE), (DECODE, DECODE + DECODE_LESS)],
            "code: keys.still-encoded": [
                (DECODE, "", "Key=key)[", "Key=urllib.parse.unquote_plus(key))["),
                (TARGET, TARGET.replace("target", '"small/" + target')),
            ],
            "code: keys.no-type": [(TYPE, "")],
            "code: keys.wrong-type": [(TYPE, TYPE.replace("jpeg", "jpg"))],
            "code: refused.beyond-its-work": [(TARGET, "Bucket=bucket, Key=key")],
        },
    ),
    worked.mutate("keys", says="role: role.denied", then=allowing(WRITE), undo=ALLOW_BOTH),
    worked.mutate("keys", says="role: role.denied", then=allowing(READ), undo=ALLOW_BOTH),
)


# modes

TURN = "    picture = ImageOps.exif_transpose(picture)\n"
TO_RGB = '    picture = picture.convert("RGB")\n'
HAS_ALPHA = "picture.has_transparency_data"

MODES = table(
    "modes",
    {
        "code: modes.not-turned": [(TURN, ""), (TURN, TURN.replace("picture = ", ""))],
        "code: modes.turned": [(TURN, "    picture = picture.rotate(180)\n")],
        "code: modes.cant-write": [(TO_RGB, "")],
        "code: modes.not-rgb": [(TO_RGB, f'    if picture.mode in ("P", "RGBA"):\n    {TO_RGB}')],
        "code: modes.other-colours": [
            (TO_RGB, TO_RGB.replace("convert(", 'convert("L").convert('))
        ],
        "code: modes.not-fitted": [
            (TO_RGB, f"{TO_RGB}    picture = picture.resize((edge, edge))\n")
        ],
        "code: modes.hidden-shown": [
            (HAS_ALPHA, "False"),
            (HAS_ALPHA, 'picture.mode == "RGBA"'),
            ('"white"', '"black"'),
        ],
        "code: modes.not-white": [('"white"', '"red"')],
        "code: modes.bleached": [("(below, above)", "(above, below)")],
    },
)


# quarantine

FETCH = '        photo = s3.get_object(Bucket=bucket, Key=key)["Body"].read()\n'
FETCH_AND_NAME, NAME = f"{FETCH}        name", "        name"
TRY, MAKE = "        try:\n", "            small = thumbnail(photo, 160)\n"
ASIDE = '            put(f"quarantine/{name}", photo, Metadata={"reason": reason})\n'
WRITE_SMALL = '            put(f"small/{name}.jpg", small, ContentType="image/jpeg")'
ELSE = f"        else:\n{WRITE_SMALL}"
OS_ERROR, ANY_ERROR = "except OSError", "except Exception"
SWALLOW = f"        {ANY_ERROR} as problem:\n            print(problem)\n{ELSE}"
TRY_TO_WRITE = (
    f"        else:\n            try:\n    {WRITE_SMALL}\n            {ANY_ERROR}: pass\n"
)
ALL_ASIDE = '        put(f"quarantine/{name}", photo, Metadata={"reason": "new"})\n'
FETCH_INSIDE, NO_PHOTO = f"{TRY}    {FETCH}", f'        photo = b""\n{NAME}'
IMPORT = "import boto3\n"
UNIDENTIFIED = f"{IMPORT}from PIL import UnidentifiedImageError\n"

QUARANTINE = table(
    "quarantine",
    {
        "code: quarantine.swallowed": [(FETCH_AND_NAME, NAME, TRY, FETCH_INSIDE, ELSE, SWALLOW)],
        "code: quarantine.missing-put-aside": [
            (FETCH_AND_NAME, NO_PHOTO, TRY, FETCH_INSIDE, OS_ERROR, ANY_ERROR)
        ],
        "code: quarantine.refused-put-aside": [
            (MAKE, f"{MAKE}{WRITE_SMALL}\n", OS_ERROR, ANY_ERROR, ELSE, "")
        ],
        "code: quarantine.refused-swallowed": [(ELSE, TRY_TO_WRITE)],
        "code: quarantine.still-fails": [
            (IMPORT, UNIDENTIFIED, OS_ERROR, "except UnidentifiedImageError"),
            (ASIDE, f"{ASIDE}            raise\n"),
        ],
        "code: quarantine.stopped": [(ASIDE, f"{ASIDE}            return\n")],
        "code: quarantine.no-reason": [(ASIDE, ASIDE.replace(', Metadata={"reason": reason}', ""))],
        "code: quarantine.not-ascii": [(ASIDE, ASIDE.replace("reason}", 'name + ": " + reason}'))],
        "effect: quarantine.not-there": [(ASIDE, "            continue\n")],
        "code: quarantine.changed": [(ASIDE, ASIDE.replace("photo", "reason"))],
        "code: quarantine.elsewhere": [(ASIDE, ASIDE.replace("{name}", "{name}.txt"))],
        "code: quarantine.made-up": [
            (ASIDE, f'{ASIDE}            put(f"small/{{name}}.jpg", b"?")\n')
        ],
        "code: quarantine.good-put-aside": [(TRY, f"{ALL_ASIDE}{TRY}")],
        "code: quarantine.good-missing": [('f"small/{name}.jpg"', '"none.jpg"')],
        "code: refused.beyond-its-work": [
            (ASIDE, f"{ASIDE}            s3.delete_object(Bucket=bucket, Key=key)\n"),
            (ASIDE, "            s3.put_object(Bucket=bucket, Key='quarantine/' + name)\n"),
        ],
    },
)


# sizes

MADE = "            made = {size: thumbnail(photo, edge) for size, edge in SIZES.items()}\n"
PUT_ONE = '                put(f"{size}/{name}.jpg", picture, ContentType="image/jpeg")'
PUT_EACH = f"            for size, picture in made.items():\n{PUT_ONE}"
FROM_SMALL = '            made["large"] = thumbnail(made["small"], 480)\n'
STEM = """\
            stem, _, ending = name.rpartition(".")
            name = f"{stem}.jpeg" if ending in ("PNG", "jpeg") else name
"""
ALSO_LOG = '            put(f"log/{os.urandom(9).hex()}-{name}.txt", b"done")'
UNLESS_THERE = f"""\
                try:
    {PUT_ONE.replace('jpeg")', 'jpeg", IfNoneMatch="*")')}
                except ClientError as there:
                    if "Precondition" not in str(there):
                        raise
"""

CLIENT_ERROR = "from botocore.exceptions import ClientError\n"

SIZES = table(
    "sizes",
    {
        "effect: sizes.missing": [(MADE, MADE.replace("SIZES.items()", '[("small", 160)]'))],
        "code: sizes.elsewhere": [
            (PUT_ONE, PUT_ONE.replace("{name}", "{os.urandom(9).hex()}-{name}"))
        ],
        "code: sizes.from-small": [(MADE, f"{MADE}{FROM_SMALL}")],
        "code: sizes.wrong-size": [('"small": 160, "large": 480', '"small": 480, "large": 160')],
        "code: sizes.no-type": [(PUT_ONE, PUT_ONE.replace(TYPE, ""))],
        "code: sizes.more-objects": [(PUT_ONE, f"{PUT_ONE}\n{ALSO_LOG}")],
        "code: sizes.other-bytes": [
            (PUT_ONE, PUT_ONE.replace("picture,", "picture + os.urandom(9),"))
        ],
        "code: sizes.stale": [(IMPORT, f"{IMPORT}{CLIENT_ERROR}", PUT_ONE, UNLESS_THERE)],
        "code: sizes.collision": [(MADE, f"{STEM}{MADE}")],
        "code: sizes.not-put-aside": [('put(f"quarantine/{name}", photo, ', "dict(")],
        "code: quarantine.refused-put-aside": [
            (f"        else:\n{PUT_EACH}", "", MADE, f"{MADE}{PUT_EACH}\n", OS_ERROR, ANY_ERROR)
        ],
        "code: refused.beyond-its-work": [
            (MADE, f'            s3.list_objects_v2(Bucket=os.environ["GALLERY"])\n{MADE}')
        ],
        "code: function.raised": [(OS_ERROR, "except KeyError")],
    },
)

ANSWERS = (*PACKAGE, *ROLE, *FIT, *LOOP, *TRIGGER, *KEYS, *MODES, *QUARANTINE, *SIZES)
