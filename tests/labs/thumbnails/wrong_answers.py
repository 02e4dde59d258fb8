"""Wrong answers in lab 05."""

from helpers.labs.thumbnails import given
from tests.notebooks.answers import WrongAnswer

FOLDER = "thumbnails/thumbnailer"
DEPLOY = f'lab.deploy("{FOLDER}", packages=["pillow"])'
DEPLOY_BACKUP = 'lab.deploy("thumbnails/backup.py")'
BARE = f'lab.deploy("{FOLDER}")'
BRAKE = 'lambda_.put_function_concurrency(FunctionName="backup", ReservedConcurrentExecutions=0)'
RELEASE = 'lambda_.delete_function_concurrency(FunctionName="backup")'
UNRULED = "s3.put_bucket_notification_configuration(Bucket={}, NotificationConfiguration={{}})"

# The worked answers, from which wrong ones are made by a change.
FIT = given.PICTURES_FIT.replace(
    "    buffer =", "    picture.thumbnail((edge, edge))\n    buffer =", 1
)
MODES = given.PICTURES_MODES.replace(
    "    picture.thumbnail",
    """\
    picture = ImageOps.exif_transpose(picture)
    if picture.has_transparency_data:
        above = picture.convert("RGBA")
        below = Image.new("RGBA", above.size, "white")
        picture = Image.alpha_composite(below, above)
    picture = picture.convert("RGB")
    picture.thumbnail""",
)
KEYS = (
    given.HANDLER_KEYS.replace(
        "        photo =", "        key = urllib.parse.unquote_plus(key)\n        photo =", 1
    )
    + """\
        s3.put_object(
            Bucket=os.environ["GALLERY"], Key=target, Body=small, ContentType="image/jpeg"
        )
"""
)
QUARANTINE = (
    given.HANDLER_QUARANTINE
    + """\
        try:
            small = thumbnail(photo, 160)
        except OSError as problem:
            reason = str(problem).partition(" <")[0]
            put(f"quarantine/{name}", photo, Metadata={"reason": reason})
        else:
            put(f"small/{name}.jpg", small, ContentType="image/jpeg")
"""
)
SIZES = (
    given.HANDLER_SIZES
    + """\
        try:
            for size, edge in SIZES.items():
                put(f"{size}/{name}.jpg", thumbnail(photo, edge), ContentType="image/jpeg")
        except OSError as problem:
            reason = str(problem).partition(" <")[0]
            put(f"quarantine/{name}", photo, Metadata={"reason": reason})
"""
)

Change = tuple[str, str]


def changed(code: str, changes: tuple[Change, ...]) -> str:
    for old, new in changes:
        assert old in code, old
        code = code.replace(old, new, 1)
    return code


def written(file: str, code: str) -> str:
    return f"%%writefile {FOLDER}/{file}\n{code}"


def package(name: str, message: str, *cells: str, undo: tuple[str, ...] = (BARE,)) -> WrongAnswer:
    return WrongAnswer("package", name, cells, message, undo)


REMOVE = 'iam.delete_role_policy(RoleName="thumbnailer-role", PolicyName="photos")'


def statement(action: str | list[str], *resources: str, effect: str = "Allow") -> str:
    """A statement as a learner writes it; `resources` go into f-strings."""
    listed = ", ".join(f'f"{resource}"' for resource in resources)
    return f'{{"Effect": "{effect}", "Action": {action!r}, "Resource": [{listed}]}}'


def objects(bucket: str, key: str = "*") -> str:
    return f"arn:aws:s3:::{{{bucket}}}/{key}"


READ = statement("s3:GetObject", objects("uploads"))
WRITE = statement("s3:PutObject", objects("gallery"))


def put_policy(*statements: str, role: str = "thumbnailer-role") -> str:
    document = f'{{"Version": "2012-10-17", "Statement": [{", ".join(statements)}]}}'
    return (
        f'iam.put_role_policy(RoleName="{role}", PolicyName="photos", '
        f"PolicyDocument=json.dumps({document}))"
    )


def role(name: str, message: str, *statements: str) -> WrongAnswer:
    """A policy of these statements in the function's role."""
    return WrongAnswer("role", name, (put_policy(*statements),), message, (REMOVE,))


def pictures(exercise: str, code: str, name: str, message: str, *changes: Change) -> WrongAnswer:
    """The worked pictures.py with these changes, deployed."""
    return WrongAnswer(
        exercise, name, (written("pictures.py", changed(code, changes)), DEPLOY), message
    )


def fit(name: str, message: str, line: str) -> WrongAnswer:
    return pictures("fit", FIT, name, message, ("picture.thumbnail((edge, edge))", line))


def modes(name: str, message: str, *changes: Change) -> WrongAnswer:
    return pictures("modes", MODES, name, message, *changes)


def handler(exercise: str, code: str, name: str, message: str, *changes: Change) -> WrongAnswer:
    """A right thumbnailer.py with these changes, deployed."""
    return WrongAnswer(
        exercise, name, (written("thumbnailer.py", changed(code, changes)), DEPLOY), message
    )


def keys(name: str, message: str, *changes: Change) -> WrongAnswer:
    return handler("keys", KEYS, name, message, *changes)


def quarantine(name: str, message: str, *changes: Change) -> WrongAnswer:
    return handler("quarantine", QUARANTINE, name, message, *changes)


def sizes(name: str, message: str, *changes: Change) -> WrongAnswer:
    return handler("sizes", SIZES, name, message, *changes)


def backup(
    name: str, message: str, *changes: Change, then: str = RELEASE, undo: str = ""
) -> WrongAnswer:
    """The colleague's function with these changes, deployed, and the brake released."""
    code = f"%%writefile thumbnails/backup.py\n{changed(given.BACKUP, changes)}"
    undone = (BRAKE, *((undo,) if undo else ()))
    return WrongAnswer("loop", name, (code, f"{DEPLOY_BACKUP}\n{then}"), message, undone)


COPY = ('f"incoming/copy-of-{name}"', 'f"backup/{name}"')
CALL = "        s3.copy_object(Bucket=bucket, Key=copy"
FROM = 'CopySource={"Bucket": bucket, "Key": key}'
DELETE = (
    'Key=copy, CopySource={"Bucket": bucket, "Key": key})\n',
    'Key=copy, CopySource={"Bucket": bucket, "Key": key})\n'
    "        s3.delete_object(Bucket=bucket, Key=key)\n",
)
FUSE = "        if len(key) > 60:\n            return\n"


def rules(
    name: str,
    message: str,
    *filters: str,
    bucket: str = "uploads",
    events: str = '["s3:ObjectCreated:*"]',
    function: str = "arn",
    permission: str = "s3.amazonaws.com",
    source: str = "uploads",
) -> WrongAnswer:
    """A permission, and rules with these filters: pairs of a prefix and a suffix."""
    allow = f"""\
lambda_.add_permission(
    FunctionName="thumbnailer", StatementId="wrong", Principal="{permission}",
    Action="lambda:InvokeFunction", SourceArn=f"arn:aws:s3:::{{{source}}}",
)"""
    listed = ", ".join(one_rule(each, events, function) for each in filters)
    tell = f"""\
s3.put_bucket_notification_configuration(
    Bucket={bucket}, NotificationConfiguration={{"LambdaFunctionConfigurations": [{listed}]}}
)"""
    refuse = """\
if lambda_.get_policy(FunctionName="thumbnailer"):
    lambda_.remove_permission(FunctionName="thumbnailer", StatementId="wrong")"""
    undo = (UNRULED.format(bucket), *((refuse,) if permission else ()))
    return WrongAnswer("trigger", name, (*((allow,) if permission else ()), tell), message, undo)


def one_rule(filters: str, events: str, function: str) -> str:
    prefix, suffix = filters.split("*")
    pairs = [("prefix", prefix), ("suffix", suffix)]
    listed = [{"Name": name, "Value": value} for name, value in pairs if value]
    return (
        f'{{"LambdaFunctionArn": {function}, "Events": {events}, '
        f'"Filter": {{"Key": {{"FilterRules": {listed}}}}}}}'
    )


BOTH = ("incoming/*.jpg", "incoming/*.png")

ANSWERS = (
    package(
        "the module's folder by hand",
        "its compiled files need others",
        f"""\
import shutil
shutil.copytree(PIL.__path__[0] if "PIL" in globals() else __import__("PIL").__path__[0],
                "{FOLDER}/PIL", ignore=shutil.ignore_patterns("__pycache__"))""",
        BARE,
        undo=(f'shutil.rmtree("{FOLDER}/PIL")', BARE),
    ),
    package(
        "in a folder of its own",
        "in the folder `libraries/`",
        f"""\
import shutil
shutil.copytree(__import__("PIL").__path__[0], "{FOLDER}/libraries/PIL",
                ignore=shutil.ignore_patterns("__pycache__", "*.so"))""",
        BARE,
        undo=(f'shutil.rmtree("{FOLDER}/libraries")', BARE),
    ),
    package(
        "under another name",
        "The function `thumbnails` has it",
        f'lab.deploy("{FOLDER}", name="thumbnails", handler="thumbnailer.handler", '
        'packages=["pillow"])',
        undo=('boto3.client("lambda").delete_function(FunctionName="thumbnails")',),
    ),
    package(
        "one file of the two",
        "`pictures.py` is no longer in the package",
        f'lab.deploy("{FOLDER}/thumbnailer.py", packages=["pillow"])',
    ),
    package(
        "the environment emptied",
        "the environment variable `GALLERY` is gone",
        f'lab.deploy("{FOLDER}", packages=["pillow"], environment={{}})',
        undo=(f'lab.deploy("{FOLDER}", environment={{"GALLERY": gallery}})',),
    ),
    package(
        "the wrong bucket in the environment",
        "writes into the bucket `photos-",
        f'lab.deploy("{FOLDER}", packages=["pillow"], environment={{"GALLERY": uploads}})',
        undo=(f'lab.deploy("{FOLDER}", environment={{"GALLERY": gallery}})',),
    ),
    package(
        "a module that only has the name",
        "`thumbnailer` ran, but stopped with the error below",
        f"""\
Path("{FOLDER}/PIL").mkdir()
Path("{FOLDER}/PIL/__init__.py").write_text("class Image: pass\\n")""",
        BARE,
        undo=(
            f'Path("{FOLDER}/PIL/__init__.py").unlink(); Path("{FOLDER}/PIL").rmdir()',
            BARE,
        ),
    ),
    role("Get without Put", "but not write into the gallery: no statement allows", READ),
    role("Put without Get", "but not read the photos: no statement allows", WRITE),
    role(
        "the bucket's ARN for its objects'",
        "is the ARN of the bucket itself",
        statement("s3:GetObject", "arn:aws:s3:::{uploads}"),
        statement("s3:PutObject", "arn:aws:s3:::{gallery}"),
    ),
    role(
        "a slash and no star",
        "A `*` stands for any key",
        READ,
        statement("s3:PutObject", objects("gallery", "")),
    ),
    role(
        "the buckets swapped",
        "The buckets are swapped",
        statement("s3:GetObject", objects("gallery")),
        statement("s3:PutObject", objects("uploads")),
    ),
    role(
        "both for the bucket of uploads",
        "`s3:PutObject` is allowed, but on something else",
        statement("s3:GetObject", objects("uploads")),
        statement("s3:PutObject", objects("uploads")),
    ),
    role(
        "a bucket of another name",
        "`s3:GetObject` is allowed, but on something else",
        statement("s3:GetObject", "arn:aws:s3:::photos/*"),
        WRITE,
    ),
    role(
        "only the rocket",
        "not on every one under `incoming/`",
        statement("s3:GetObject", objects("uploads", "incoming/rocket.jpg")),
        WRITE,
    ),
    role(
        "only the small ones",
        "not on every one under `large/`",
        READ,
        statement("s3:PutObject", objects("gallery", "small/*")),
    ),
    role(
        "a misspelt action",
        "S3 has no action `s3:getObjects`",
        statement("s3:getObjects", objects("uploads")),
        WRITE,
    ),
    role(
        "denied",
        "to deny counts more than any Allow",
        READ,
        WRITE,
        statement("s3:PutObject", objects("gallery", "large/*"), effect="Deny"),
    ),
    role(
        "under a condition",
        "under a condition that is not met",
        READ[:-1] + ', "Condition": {"StringEquals": {"aws:PrincipalAccount": "1"}}}',
        WRITE,
    ),
    role(
        "every action of S3",
        "`s3:*` stands for many actions",
        statement("s3:*", objects("uploads")),
        statement("s3:*", objects("gallery")),
    ),
    role(
        "everything that begins with Get",
        "`s3:Get*` stands for many actions",
        statement("s3:Get*", objects("uploads")),
        WRITE,
    ),
    role(
        "on any resource",
        "`*` stands for other buckets too",
        statement("s3:GetObject", "*"),
        statement("s3:PutObject", "*"),
    ),
    role(
        "a star instead of a slash",
        "name the objects of one bucket",
        statement("s3:GetObject", "arn:aws:s3:::{uploads}*"),
        WRITE,
    ),
    role("everything", "`s3:*` stands for many actions", statement("s3:*", "*")),
    role(
        "two actions on two buckets",
        "It allows each of its actions on each of its resources",
        statement(["s3:GetObject", "s3:PutObject"], objects("uploads"), objects("gallery")),
    ),
    role(
        "deleting too",
        "could also delete uploads. Leave out what is not needed",
        statement(["s3:GetObject", "s3:DeleteObject"], objects("uploads")),
        WRITE,
    ),
    role(
        "listing too",
        "could also list the uploads. Leave out what is not needed",
        READ,
        WRITE,
        statement("s3:ListBucket", "arn:aws:s3:::{uploads}"),
    ),
    role(
        "all but deleting",
        "It allows all but what it names",
        '{"Effect": "Allow", "NotAction": "s3:DeleteObject", "Resource": "*"}',
    ),
    role(
        "with a principal",
        "has a `Principal`",
        READ[:-1] + ', "Principal": {"Service": "lambda.amazonaws.com"}}',
        WRITE,
    ),
    WrongAnswer(
        "role",
        "a policy of AWS's own",
        (
            'full = "arn:aws:iam::aws:policy/AmazonS3FullAccess"\n'
            'iam.attach_role_policy(RoleName="thumbnailer-role", PolicyArn=full)',
        ),
        "in the policy `AmazonS3FullAccess`, allows more than the work needs",
        ('iam.detach_role_policy(RoleName="thumbnailer-role", PolicyArn=full)',),
    ),
    WrongAnswer(
        "role",
        "a second policy of the same name",
        (put_policy(READ), put_policy(WRITE)),
        "A second policy of the same name replaces the first",
        (REMOVE,),
    ),
    WrongAnswer(
        "role",
        "the function's own policy taken for the role's",
        (
            'lambda_.add_permission(FunctionName="thumbnailer", StatementId="read", '
            'Principal="s3.amazonaws.com", Action="lambda:InvokeFunction", '
            'SourceArn=f"arn:aws:s3:::{uploads}")',
        ),
        "which says who may *invoke* the function",
        ('lambda_.remove_permission(FunctionName="thumbnailer", StatementId="read")',),
    ),
    WrongAnswer(
        "role",
        "the bucket's policy taken for the role's",
        (
            """\
reader = iam.get_role(RoleName="thumbnailer-role")["Role"]["Arn"]
for bucket, action in ((uploads, "s3:GetObject"), (gallery, "s3:PutObject")):
    allow = {"Effect": "Allow", "Principal": {"AWS": reader}, "Action": action}
    allow["Resource"] = f"arn:aws:s3:::{bucket}/*"
    document = {"Version": "2012-10-17", "Statement": [allow]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))""",
        ),
        "that has a policy now",
        ("for bucket in (uploads, gallery): s3.delete_bucket_policy(Bucket=bucket)",),
    ),
    WrongAnswer(
        "role",
        "in another role",
        (
            """\
trust = iam.get_role(RoleName="thumbnailer-role")["Role"]["AssumeRolePolicyDocument"]
iam.create_role(RoleName="photos-role", AssumeRolePolicyDocument=json.dumps(trust))""",
            put_policy(READ, WRITE, role="photos-role"),
        ),
        "It is the role `photos-role` that has the policy",
        (
            'iam.delete_role_policy(RoleName="photos-role", PolicyName="photos")',
            'iam.delete_role(RoleName="photos-role")',
        ),
    ),
    WrongAnswer(
        "role",
        "with another role",
        (
            """\
trust = iam.get_role(RoleName="thumbnailer-role")["Role"]["AssumeRolePolicyDocument"]
other = iam.create_role(RoleName="photos-role", AssumeRolePolicyDocument=json.dumps(trust))""",
            put_policy(READ, WRITE, role="photos-role"),
            'lab.deploy("thumbnails/thumbnailer", packages=["pillow"], role="photos-role")',
        ),
        "runs with the role `photos-role`",
        (
            DEPLOY,
            'iam.delete_role_policy(RoleName="photos-role", PolicyName="photos")',
            'iam.delete_role(RoleName="photos-role")',
        ),
    ),
    WrongAnswer(
        "role",
        "a policy attached to nobody",
        (
            f"""\
document = {{"Version": "2012-10-17", "Statement": [{READ}, {WRITE}]}}
made = iam.create_policy(PolicyName="photos", PolicyDocument=json.dumps(document))["Policy"]""",
        ),
        "it is attached to no role",
        ('iam.delete_policy(PolicyArn=made["Arn"])',),
    ),
    WrongAnswer(
        "role",
        "no right to write logs any more",
        (
            put_policy(READ, WRITE),
            'iam.detach_role_policy(RoleName="thumbnailer-role", PolicyArn=logs)',
        ),
        "may no longer write logs",
        (REMOVE, 'iam.attach_role_policy(RoleName="thumbnailer-role", PolicyArn=logs)'),
    ),
    fit(
        "both sides to the edge",
        "The thumbnail is squeezed",
        "picture = picture.resize((edge, edge), Image.Resampling.BICUBIC)",
    ),
    fit(
        "always to the edge",
        "was enlarged to",
        "picture.thumbnail((edge, edge))\n"
        "    factor = edge / max(picture.size)\n"
        "    picture = picture.resize([round(side * factor) for side in picture.size])",
    ),
    fit(
        "cut to a square",
        "The thumbnail is squeezed",
        "side = min(picture.size)\n"
        "    picture = picture.crop((0, 0, side, side))\n"
        "    picture.thumbnail((edge, edge))",
    ),
    fit(
        "a part of it in the right size",
        "shows only a part of the photo",
        "width, height = picture.size\n"
        "    picture = picture.crop((0, 0, width // 2, height // 2))\n"
        "    factor = min(edge / width, edge / height, 1)\n"
        "    picture = picture.resize((round(width * factor), round(height * factor)))",
    ),
    fit(
        "only the width",
        "does not fit into 160 x 160",
        "factor = min(edge / picture.width, 1)\n"
        "    picture = picture.resize([round(side * factor) for side in picture.size])",
    ),
    fit(
        "the result not kept",
        "Some methods of a picture change it, others give back a new one",
        "factor = min(edge / max(picture.size), 1)\n"
        "    picture.resize([round(side * factor) for side in picture.size])",
    ),
    fit(
        "kept what gives back nothing",
        "ran, but stopped with the error below",
        "picture = picture.thumbnail((edge, edge))",
    ),
    fit(
        "half of the edge",
        "The longer side should have 160 pixels",
        "picture.thumbnail((edge // 2, edge // 2))",
    ),
    WrongAnswer(
        "fit",
        "not deployed",
        (written("pictures.py", FIT),),
        "has changed since `thumbnailer` was last deployed",
    ),
    backup("as it was, and the brake released", "One upload, and the function ran"),
    backup(
        "stop at copies",
        "One upload, and the function ran for its own copies too",
        ("    for record", "    for record"),
        (FUSE, '        if "copy-of-" in key:\n            return\n'),
    ),
    backup(
        "a folder within the folder",
        "One upload, and the function ran",
        ('f"incoming/copy-of-{name}"', 'f"incoming/backup/{name}"'),
    ),
    backup(
        "to both places",
        "One upload, and the function ran for its own copies too",
        (CALL, f'        s3.copy_object(Bucket=bucket, Key=f"backup/{{name}}", {FROM})\n{CALL}'),
    ),
    backup(
        "two copies",
        "There should be one copy of each upload",
        COPY,
        (CALL, f'        s3.copy_object(Bucket=bucket, Key=f"archive/{{name}}", {FROM})\n{CALL}'),
    ),
    backup("the brake left on", "The brake is still on", COPY, then=""),
    backup(
        "moved instead of copied",
        "`backup` tried `s3:DeleteObject` on the resource below",
        COPY,
        DELETE,
    ),
    backup(
        "moved instead of copied, and the role widened for it",
        "the upload itself is gone",
        COPY,
        DELETE,
        then=f"""\
{RELEASE}
more = {{"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": f"{{own}}/*"}}
document = json.dumps({{"Version": "2012-10-17", "Statement": [reading, writing, more]}})
iam.put_role_policy(RoleName="backup-role", PolicyName="copying", PolicyDocument=document)""",
        undo="""\
document = json.dumps({"Version": "2012-10-17", "Statement": [reading, writing]})
iam.put_role_policy(RoleName="backup-role", PolicyName="copying", PolicyDocument=document)""",
    ),
    backup(
        "copied, and then failed",
        "The copy is there, but then `backup` stopped with the error below",
        COPY,
        (DELETE[0], f"{DELETE[0]}        raise KeyError(key)\n"),
    ),
    backup(
        "into another bucket",
        "`backup` tried `s3:PutObject` on the resource below",
        COPY,
        ("s3.copy_object(Bucket=bucket", 's3.copy_object(Bucket="backups"'),
    ),
    backup(
        "under another name",
        "it should be called `backup/",
        ('f"incoming/copy-of-{name}"', 'f"backup/copy-of-{name}"'),
    ),
    WrongAnswer(
        "loop",
        "the rule removed",
        (f"{UNRULED.format('playground')}\n{RELEASE}",),
        "no longer calls `backup`",
        (
            "s3.put_bucket_notification_configuration(Bucket=playground, "
            'NotificationConfiguration={"LambdaFunctionConfigurations": [rule]})',
            BRAKE,
        ),
    ),
    WrongAnswer(
        "trigger",
        "only permitted",
        (
            'lambda_.add_permission(FunctionName="thumbnailer", StatementId="wrong", '
            'Principal="s3.amazonaws.com", Action="lambda:InvokeFunction")',
        ),
        "does not know that it should",
        ('lambda_.remove_permission(FunctionName="thumbnailer", StatementId="wrong")',),
    ),
    rules("nothing permitted", "nobody has been given the permission", *BOTH, permission=""),
    rules(
        "permitted for the other bucket",
        "but only for another source",
        *BOTH,
        source="gallery",
    ),
    rules(
        "another service permitted",
        "The principal has to be `s3.amazonaws.com`",
        *BOTH,
        permission="events.amazonaws.com",
    ),
    rules(
        "on the bucket of thumbnails",
        "The rules are on the bucket `thumb",
        *BOTH,
        bucket="gallery",
        source="gallery",
    ),
    rules(
        "on the bucket of thumbnails, and permitted for the other",
        "S3 has refused your rules: they were for the bucket `thumb",
        *BOTH,
        bucket="gallery",
    ),
    rules("only the last rule", "There is a rule for `.png`, and none for `.jpg`", BOTH[1]),
    rules("no suffix", "The bucket calls for every file in `incoming/`", "incoming/*"),
    rules("no dot", "The suffix begins with the", "incoming/*jpg", "incoming/*png"),
    rules("no prefix", "The bucket calls for photos anywhere", "*.jpg", "*.png"),
    rules(
        "a slash before the prefix",
        "The bucket does not call for `incoming/photo.jpg`",
        "/incoming/*.jpg",
        "/incoming/*.png",
    ),
    rules(
        "only what is put",
        "Photos come into it in several ways",
        *BOTH,
        events='["s3:ObjectCreated:Put"]',
    ),
    rules(
        "another function",
        "S3 has refused your rules: they name the function `backup`",
        *BOTH,
        function="backup.arn",
    ),
    keys(
        "not decoded",
        "that has to be decoded before the object is fetched",
        ("        key = urllib.parse.unquote_plus(key)\n", ""),
    ),
    keys("the plus left", "a space still arrives as `+`", ("unquote_plus(key)", "unquote(key)")),
    keys(
        "only spaces replaced",
        "accents are not",
        ("urllib.parse.unquote_plus(key)", 'key.replace("+", " ")'),
    ),
    keys(
        "decoded twice",
        "The key was decoded twice",
        ("unquote_plus(key)", "unquote(urllib.parse.unquote_plus(key))"),
    ),
    keys(
        "decoded for fetching only",
        "its thumbnail went to another name",
        ("        key = urllib.parse.unquote_plus(key)\n", ""),
        ("Key=key)[", "Key=urllib.parse.unquote_plus(key))["),
    ),
    keys(
        "no content type",
        "The thumbnail's content type is `binary",
        ('ContentType="image/jpeg"', ""),
    ),
    keys(
        "image/jpg",
        "it has to be `image/jpeg`, letter by letter",
        ('"image/jpeg"', '"image/jpg"'),
    ),
    keys(
        "the photo written in the place of the thumbnail",
        "went to another name",
        ("Key=target", 'Key="small/" + target'),
    ),
    WrongAnswer(
        "keys",
        "the source overwritten",
        (
            written(
                "thumbnailer.py",
                changed(
                    KEYS, (('Bucket=os.environ["GALLERY"], Key=target', "Bucket=bucket, Key=key"),)
                ),
            ),
            DEPLOY,
        ),
        "`thumbnailer` tried `s3:PutObject` on the resource below",
    ),
    WrongAnswer(
        "keys",
        "the role's policy gone",
        (written("thumbnailer.py", KEYS), DEPLOY, REMOVE),
        "AWS did not let `thumbnailer-role` do this: `s3:GetObject`",
        (put_policy(READ, WRITE),),
    ),
    WrongAnswer(
        "keys",
        "the role without the right to write",
        (written("thumbnailer.py", KEYS), DEPLOY, put_policy(READ)),
        "AWS did not let `thumbnailer-role` do this: `s3:PutObject`",
        (put_policy(READ, WRITE),),
    ),
    modes(
        "orientation ignored",
        "does not stand upright",
        ("    picture = ImageOps.exif_transpose(picture)\n", ""),
    ),
    modes(
        "turned, and not kept",
        "does not stand upright",
        ("picture = ImageOps.exif_transpose(picture)", "ImageOps.exif_transpose(picture)"),
    ),
    modes(
        "turned after it was made small, and everything",
        "came out turned",
        ("ImageOps.exif_transpose(picture)", "picture.rotate(180)"),
    ),
    modes(
        "mode left as it was",
        "can't be stored as JPEG",
        ('    picture = picture.convert("RGB")\n', ""),
    ),
    modes(
        "only P converted",
        "was stored in the mode CMYK",
        (
            '    picture = picture.convert("RGB")',
            '    if picture.mode in ("P", "RGBA"):\n        picture = picture.convert("RGB")',
        ),
    ),
    modes(
        "alpha dropped",
        "what lay hidden there has come to light",
        ("if picture.has_transparency_data:", "if False:"),
    ),
    modes("white above", "has lost its colours", ("(below, above)", "(above, below)")),
    modes(
        "black below",
        "what lay hidden there has come to light",
        ('"white"', '"black"'),
    ),
    modes(
        "only RGBA seen as transparent",
        "what lay hidden there has come to light",
        ("picture.has_transparency_data", 'picture.mode == "RGBA"'),
    ),
    modes(
        "grey",
        "has other colours",
        ('picture.convert("RGB")', 'picture.convert("L").convert("RGB")'),
    ),
    quarantine(
        "every error swallowed",
        "An object that is not in the bucket makes no error any more",
        ('        photo = s3.get_object(Bucket=bucket, Key=key)["Body"].read()\n', ""),
        (
            "        try:\n",
            "        try:\n"
            '            photo = s3.get_object(Bucket=bucket, Key=key)["Body"].read()\n',
        ),
        (
            "        else:\n",
            "        except Exception as problem:\n            print(problem)\n        else:\n",
        ),
    ),
    quarantine(
        "what could not be fetched put aside",
        "An object that could not be fetched was put into quarantine",
        (
            '        photo = s3.get_object(Bucket=bucket, Key=key)["Body"].read()\n',
            '        photo = b""\n',
        ),
        (
            "        try:\n",
            "        try:\n"
            '            photo = s3.get_object(Bucket=bucket, Key=key)["Body"].read()\n',
        ),
        ("except OSError", "except Exception"),
    ),
    quarantine(
        "the writing in the try, and everything caught",
        "because the store refused its thumbnail once",
        (
            "            small = thumbnail(photo, 160)\n",
            "            small = thumbnail(photo, 160)\n"
            '            put(f"small/{name}.jpg", small, ContentType="image/jpeg")\n',
        ),
        ("except OSError", "except Exception"),
        (
            "        else:\n"
            '            put(f"small/{name}.jpg", small, ContentType="image/jpeg")\n',
            "",
        ),
    ),
    quarantine(
        "only what is no picture at all",
        "A photo that breaks off still makes the function fail",
        ("import boto3\n", "import boto3\nfrom PIL import UnidentifiedImageError\n"),
        ("except OSError", "except UnidentifiedImageError"),
    ),
    quarantine(
        "put aside, and failed",
        "A text named .jpg still makes the function fail",
        ('Metadata={"reason": reason})\n', 'Metadata={"reason": reason})\n            raise\n'),
    ),
    quarantine(
        "the rest of the event given up",
        "Go on with the next record",
        ('Metadata={"reason": reason})\n', 'Metadata={"reason": reason})\n            return\n'),
    ),
    quarantine("no reason", "nothing says why", (', Metadata={"reason": reason}', "")),
    quarantine(
        "the name in the reason",
        "takes plain letters only",
        ('{"reason": reason}', '{"reason": name + ": " + reason}'),
    ),
    quarantine(
        "dropped silently",
        "is not in quarantine",
        (
            '            put(f"quarantine/{name}", photo, Metadata={"reason": reason})\n',
            "            continue\n",
        ),
    ),
    quarantine(
        "into the bucket of uploads",
        "`thumbnailer` tried `s3:PutObject` on the resource below",
        (
            '            put(f"quarantine/{name}", photo, Metadata={"reason": reason})\n',
            '            s3.put_object(Bucket=bucket, Key=f"quarantine/{name}", Body=photo, '
            'Metadata={"reason": reason})\n',
        ),
    ),
    quarantine(
        "the upload removed",
        "`thumbnailer` tried `s3:DeleteObject` on the resource below",
        (
            'Metadata={"reason": reason})\n',
            'Metadata={"reason": reason})\n            s3.delete_object(Bucket=bucket, Key=key)\n',
        ),
    ),
    quarantine(
        "only the note kept",
        "its bytes are not those that were uploaded",
        ("photo, Metadata", "reason, Metadata"),
    ),
    quarantine(
        "everything into quarantine",
        "A photo that nothing is wrong with was put into quarantine",
        (
            "        try:\n",
            '        put(f"quarantine/{name}", photo, Metadata={"reason": "new"})\n        try:\n',
        ),
    ),
    sizes("one size", "There is no `large` picture", ("SIZES.items()", '[("small", 160)]')),
    sizes(
        "the large one from the small one",
        "no more pixels than the small one",
        ("        try:\n", "        made = photo\n        try:\n"),
        (
            'put(f"{size}/{name}.jpg", thumbnail(photo, edge), ContentType="image/jpeg")',
            "made = thumbnail(made, edge)\n"
            '                put(f"{size}/{name}.jpg", made, ContentType="image/jpeg")',
        ),
    ),
    sizes(
        "sizes exchanged",
        "its longer side should have",
        ('"small": 160, "large": 480', '"small": 480, "large": 160'),
    ),
    sizes("no content type", "content type is `binary", (', ContentType="image/jpeg"', "")),
    sizes(
        "a name by chance",
        "went to another key",
        ("import os\n", "import os\nimport uuid\n"),
        ('f"{size}/{name}.jpg"', 'f"{size}/{uuid.uuid4()}-{name}.jpg"'),
    ),
    sizes(
        "one more at each delivery",
        "left more objects than delivered once",
        ("import os\n", "import os\nimport time\n"),
        (
            "        try:\n",
            '        put(f"log/{time.time_ns()}-{name}.txt", b"done")\n        try:\n',
        ),
    ),
    sizes(
        "nothing if there is one",
        "still shows the old one",
        ("import boto3\n", "import boto3\nfrom botocore.exceptions import ClientError\n"),
        ('ContentType="image/jpeg")', 'ContentType="image/jpeg", IfNoneMatch="*")'),
        (
            "        except OSError",
            "        except ClientError as there:\n"
            '            if there.response["Error"]["Code"] != "PreconditionFailed":\n'
            "                raise\n"
            "        except OSError",
        ),
    ),
    sizes(
        "looked whether there is one",
        "`thumbnailer` tried `s3:ListBucket` on the resource below",
        (
            "        try:\n",
            "        there = s3.list_objects_v2(\n"
            '            Bucket=os.environ["GALLERY"], Prefix=f"large/{name}.jpg"\n'
            "        )\n"
            '        if there["KeyCount"]:\n            continue\n        try:\n',
        ),
    ),
    sizes(
        "the ending replaced",
        "Keep the whole name",
        (
            "            for size",
            '            stem, _, ending = name.rpartition(".")\n'
            '            name = f"{stem}.jpeg" if ending in ("PNG", "jpeg") else name\n'
            "            for size",
        ),
    ),
    sizes(
        "every error is the picture's fault",
        "because the store refused its thumbnail once",
        ("except OSError", "except Exception"),
    ),
    sizes(
        "quarantine forgotten",
        "`thumbnailer` ran, but stopped with the error below",
        ("except OSError as problem", "except KeyError as problem"),
    ),
)
