"""The link "permission", with policies as the running engine keeps them, and by the letter."""

import pytest

from helpers.aws.iam.resource_policy import (
    Call,
    describe_statement,
    is_allowed,
    nearest,
    statements,
    unfit,
)
from helpers.checks.links.permission import (
    read_policy,
    refusal,
    require_permission,
    require_public,
)
from helpers.exercises.verdict import Incorrect
from tests.checks.desk import Shop

S3, SNS, API = "s3.amazonaws.com", "sns.amazonaws.com", "apigateway.amazonaws.com"
PHOTOS = "arn:aws:s3:::photos"
CODE = "def handler(event, context):\n    return event\n"


class Allowing(Shop):
    def allow(self, principal=S3, source=PHOTOS, action="lambda:InvokeFunction", **more):
        sid = f"s{len(read_policy(self.probe, 'resize', more.get('Qualifier')))}"
        given = {"SourceArn": source} if source else {}
        self.aws.add_permission(
            FunctionName="resize",
            StatementId=sid,
            Principal=principal,
            Action=action,
            **(given | more),
        )

    def refusal(self, principal=S3, source=PHOTOS, **more):
        with pytest.raises(Incorrect) as caught:
            require_permission(self.probe, "resize", principal, source, **more)
        assert caught.value.link == "permission"
        return caught.value


@pytest.fixture
def shop(client, tmp_path):
    made = Allowing(client, tmp_path)
    made.create("resize", CODE)
    return made


def test_without_any_permission_nobody_may_invoke(shop):
    assert shop.refusal().id == "permission.no-policy"


def test_a_function_that_is_gone_is_another_link(shop):
    with pytest.raises(Incorrect, match="is gone") as caught:
        require_permission(shop.probe, "gone", S3, PHOTOS)
    assert caught.value.link == "function"


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ((S3, PHOTOS), (S3, PHOTOS)),
        ((S3, ""), (S3, PHOTOS)),
        ((S3, "arn:aws:s3:::pho*"), (S3, PHOTOS)),
        (("*", ""), (S3, PHOTOS)),
        ((S3, PHOTOS, "lambda:*"), (S3, PHOTOS)),
        (
            (API, "arn:aws:execute-api:us-east-1:123456789012:abc/*/GET/*"),
            (API, "arn:aws:execute-api:us-east-1:123456789012:abc/dev/GET/items/1"),
        ),
    ],
)
def test_a_permission_that_fits_is_seen(shop, given, needed):
    shop.allow(*given)
    require_permission(shop.probe, "resize", *needed)


def test_a_permission_for_another_service_names_it(shop):
    shop.allow(principal=SNS, source="")
    error = shop.refusal()
    assert error.id == "permission.other-principal"
    assert f"is for `{SNS}`" in str(error)
    assert error.evidence == f"allow {SNS} to lambda:InvokeFunction"


def test_another_source_is_shown_above_the_one_that_is_needed(shop):
    shop.allow(source="arn:aws:s3:::fotos")
    error = shop.refusal()
    assert error.id == "permission.other-source"
    assert error.evidence.splitlines() == [
        "permission for  arn:aws:s3:::fotos",
        "needed          arn:aws:s3:::photos",
    ]


def test_another_account_is_told(shop):
    shop.allow(SourceAccount="111122223333")
    assert shop.refusal().id == "permission.other-account"


def test_the_own_account_is_no_obstacle(shop, account):
    shop.allow(SourceAccount=account)
    require_permission(shop.probe, "resize", S3, PHOTOS)


def test_another_action_is_told(shop):
    shop.allow(action="lambda:GetFunction")
    error = shop.refusal()
    assert error.id == "permission.other-action"
    assert "`lambda:GetFunction`" in str(error)


def test_the_statement_that_comes_nearest_is_the_one_spoken_of(shop):
    shop.allow(principal=SNS, source="arn:aws:sns:us-east-1:123456789012:topic")
    shop.allow(source="arn:aws:s3:::fotos")
    assert shop.refusal().id == "permission.other-source"


def test_an_alias_has_a_policy_of_its_own(shop):
    version = shop.aws.publish_version(FunctionName="resize")["Version"]
    shop.aws.create_alias(FunctionName="resize", Name="live", FunctionVersion=version)
    shop.allow()
    error = shop.refusal(qualifier="live")
    assert error.id == "permission.elsewhere"
    assert "S3 may not invoke `resize:live`: the permission was given to `resize`" in str(error)
    shop.allow(Qualifier="live")
    require_permission(shop.probe, "resize", S3, PHOTOS, qualifier="live")


def test_a_permission_on_an_alias_is_none_on_the_function(shop):
    version = shop.aws.publish_version(FunctionName="resize")["Version"]
    shop.aws.create_alias(FunctionName="resize", Name="live", FunctionVersion=version)
    shop.allow(Qualifier="live")
    assert "given to `resize:live`" in str(shop.refusal())


def test_a_function_url_is_public_by_an_action_of_its_own(shop):
    with pytest.raises(Incorrect, match="The public may not invoke `resize`"):
        require_public(shop.probe, "resize")
    shop.allow(principal="*", source="")
    with pytest.raises(Incorrect, match="`lambda:InvokeFunctionUrl`"):
        require_public(shop.probe, "resize")
    shop.allow("*", "", "lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE")
    require_public(shop.probe, "resize")


def test_a_function_url_for_known_callers_only_is_not_public(shop):
    shop.allow("*", "", "lambda:InvokeFunctionUrl", FunctionUrlAuthType="AWS_IAM")
    with pytest.raises(Incorrect) as caught:
        require_public(shop.probe, "resize")
    assert caught.value.id == "permission.other-condition"
    assert "lambda:FunctionUrlAuthType" in caught.value.evidence


# --- by the letter: what others may have written into a policy --------------------------------


def policy(*given):
    return statements({"Statement": list(given)})


def statement(**more):
    given = {"Effect": "Allow", "Principal": {"Service": S3}, "Action": "lambda:InvokeFunction"}
    return given | more


def arn_like(value, test="ArnLike"):
    return statement(Condition={test: {"AWS:SourceArn": value}})


CALL = Call(S3, PHOTOS, "123456789012")

FITS = [
    statement(),
    statement(Principal="*"),
    statement(Principal={"AWS": "*"}),
    statement(Principal={"Service": [SNS, S3]}),
    statement(Action=["lambda:GetFunction", "lambda:invoke*"]),
    statement(Action="*"),
    arn_like(PHOTOS, "ArnEquals"),
    arn_like(PHOTOS, "StringEquals"),
    arn_like("arn:*:ph?tos", "StringLike"),
    arn_like(["arn:aws:s3:::other", PHOTOS]),
    arn_like("arn:aws:s3:::other", "ArnNotLike"),
    statement(Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}),
    statement(Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}}),
]


@pytest.mark.parametrize("given", FITS)
def test_a_statement_fits(given):
    assert is_allowed(policy(given), CALL)


FITS_NOT = {
    "principal": [statement(Principal={"Service": "S3.amazonaws.com"})],
    "action": [statement(Action="lambda:Get*")],
    "source": [
        arn_like("arn:aws:s3:::PHOTOS"),
        arn_like("arn:aws:s3:*:photos"),
        arn_like("arn:aws:s3:::ph*", "StringEquals"),
        arn_like(PHOTOS, "ArnNotEquals"),
    ],
    "account": [statement(Condition={"StringEquals": {"AWS:SourceAccount": "1"}})],
    "condition": [
        statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
        statement(Condition={"Bool": {"aws:SecureTransport": "true"}}),
    ],
}


@pytest.mark.parametrize(
    ("aspect", "given"), [(aspect, one) for aspect, many in FITS_NOT.items() for one in many]
)
def test_a_statement_does_not_fit(aspect, given):
    assert not is_allowed(policy(given), CALL)
    assert unfit(policy(given)[0], CALL) == (aspect,)


def test_to_deny_counts_more_than_to_allow():
    both = policy(statement(), statement(Effect="Deny", Principal="*"))
    assert not is_allowed(both, CALL)
    assert nearest(both, CALL) == both[0]


def test_a_denial_is_told():
    both = policy(statement(), statement(Effect="Deny", Principal="*"))
    assert refusal(both, CALL, "resize").id == "permission.explicit-deny"


def test_a_policy_of_one_statement_may_hold_it_without_a_list():
    assert is_allowed(statements({"Statement": statement()}), CALL)


def test_a_statement_shows_itself_in_words():
    assert describe_statement(policy(arn_like(PHOTOS))[0]) == (
        f"allow {S3} to lambda:InvokeFunction\n  if AWS:SourceArn ArnLike {PHOTOS}"
    )
