from answers import Problem, reply
from router import answer


def handler(event, context):
    print(event["httpMethod"], event["path"])
    try:
        return answer(event)
    except Problem as problem:
        return reply(problem.status, {"message": str(problem)}, problem.headers)
