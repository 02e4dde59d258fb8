"""What AWS has denied to a function, as the function's own error tells it.

    ClientError: An error occurred (AccessDeniedException) when calling the GetItem operation: User:
    arn:aws:sts::…:assumed-role/worker-role/worker is not authorized to perform: dynamodb:GetItem on
    resource: arn:aws:dynamodb:… because no identity-based policy allows the dynamodb:GetItem action

For a check that knows what the function's role has to allow: what goes beyond that, its code need
not ask for.
"""

import re

from helpers.checks.diagnosis import Diagnosis, require
from helpers.functions.invoke import Invocation

# The action, and the resource with or without quotation marks, where the service names it.
DENIED = re.compile(r'is not authorized to perform: (\S+)(?: on resource: (?:"([^"]*)"|(\S+)))?')


def denied_action(answer: Invocation) -> str:
    """Return the action that was denied, "" if the function failed at something else, or at none.

    SQS writes it in lower case: "sqs:sendmessage".
    """
    found = DENIED.search(answer.error.message if answer.error else "")
    return found[1] if found else ""


def require_needed(answer: Invocation, beyond: Diagnosis, needed: str) -> None:
    """Raise `beyond`, with {action}, if an action was denied that does not begin with `needed`.

    What is needed is denied to a role that allows too little; for the rest the code need not ask.
    """
    action = denied_action(answer)
    require(not action or action.startswith(needed), beyond, action=action)
