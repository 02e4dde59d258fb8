"""Right answers in other words, in lab 05."""

from helpers.functions.deploy import WRITE_LOGS
from tests.labs.thumbnails.wrong_answers import (
    ASIDE,
    BARE,
    BRAKE,
    COPY,
    DECODE,
    MADE,
    PUT,
    READ,
    RELEASE,
    RULES,
    TURN,
    WRITE,
    worked,
)

ROLE = 'RoleName="thumbnailer-role"'
IN_LOWER_CASE = f"{WRITE.replace('PutObject', 'putobject')}"
FOLDERS = f"{READ.replace('/*', '/incoming/*')}"
LISTS = READ.replace('"s3:GetObject"', '["s3:GetObject", "S3:getobject"]')
WITH_LOGS = '{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}'
BOTH = f"    {READ},\n    {WRITE},\n"

MASK = """\
    picture = picture.convert("RGBA")
    ground = Image.new("RGB", picture.size, (255, 255, 255))
    ground.paste(picture, mask=picture.getchannel("A"))
    picture = ground
"""
LAID = worked.answer("modes")[0].partition(TURN)[2].partition("    picture.thumbnail")[0]
ENDS = "[rule_for(ending) for ending in ('.png', '.jpg')]"
CREATIONS = ", ".join(
    f'"s3:ObjectCreated:{each}"' for each in ("Put", "Post", "Copy", "CompleteMultipartUpload")
)

ANSWERS = (
    worked.mutate("package", ('"pillow"', '"pillow", "defusedxml"'), undo=BARE),
    worked.mutate("package", (")", ", memory=1024, timeout=30)"), undo=BARE),
    worked.mutate("role", (BOTH, f"    {FOLDERS},\n    {IN_LOWER_CASE},\n")),
    worked.mutate("role", (BOTH, f"    {LISTS},\n    {FOLDERS},\n    {WRITE},\n")),
    worked.mutate(
        "role",
        (BOTH, f"    {READ},\n    {WRITE},\n    {WITH_LOGS},\n"),
        then=f'iam.detach_role_policy({ROLE}, PolicyArn="{WRITE_LOGS}")',
    ),
    worked.cells(
        "role",
        f'document = json.dumps({{"Version": "2012-10-17", "Statement": {WRITE}}})\n'
        'made = iam.create_policy(PolicyName="write", PolicyDocument=document)["Policy"]["Arn"]\n'
        f"iam.attach_role_policy({ROLE}, PolicyArn=made)",
        f'{PUT}PolicyDocument=json.dumps({{"Version": "2012-10-17", "Statement": {READ}}}))',
        undo=(
            f"iam.detach_role_policy({ROLE}, PolicyArn=made)",
            "iam.delete_policy(PolicyArn=made)",
        ),
    ),
    *worked.swap(
        "fit",
        "    picture.thumbnail((edge, edge))\n",
        [
            """\
    factor = min(edge / picture.width, edge / picture.height, 1)
    size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
    picture = picture.resize(size)
""",
            """\
    while max(picture.size) > edge:
        picture.thumbnail((edge, edge), Image.Resampling.LANCZOS)
""",
        ],
    ),
    worked.mutate(
        "loop", (COPY, '        copy = key.replace("incoming", "backup", 1)\n'), undo=BRAKE
    ),
    worked.mutate(
        "loop",
        (RELEASE, RELEASE.replace("delete", "put")[:-1] + ", ReservedConcurrentExecutions=1)"),
        undo=(RELEASE, BRAKE),
    ),
    worked.mutate("trigger", (RULES, ENDS), ("    SourceAccount=lab.account,\n", "")),
    worked.mutate("trigger", ('"s3:ObjectCreated:*"', CREATIONS)),
    *worked.swap(
        "keys",
        DECODE,
        [
            '        key = urllib.parse.unquote(key.replace("+", " "))\n',
            '        key = urllib.parse.parse_qs(f"key={key}")["key"][0]\n',
        ],
    ),
    worked.mutate("modes", (LAID, MASK)),
    worked.mutate(
        "modes",
        (TURN, "    note = picture.getexif()\n"),
        ('"JPEG", quality=85', '"JPEG", quality=85, exif=note'),
    ),
    *worked.swap(
        "quarantine",
        ASIDE,
        [
            f"{ASIDE}            continue\n",
            ASIDE.replace('{"reason": reason}', '{"reason": "not an image", "by": "thumbnailer"}'),
        ],
    ),
    worked.mutate("sizes", ('key.removeprefix("incoming/")', 'key.split("/")[-1]')),
    worked.mutate(
        "sizes",
        (MADE, "            large, small = thumbnail(photo, 480), thumbnail(photo, 160)\n"),
        ("made.items()", '(("small", small), ("large", large))'),
    ),
)
