"""The functions that the lab's sheet gives to the learner: a check tells them from what came after.

In the sheet comments and layout may differ; the program may not.
"""

FUNCTIONS = ("greeter", "receipt", "slow_report", "resize_plan")

RECEIPT = """\
def handler(event, context):
    total = 0
    pieces = 0
    for item in event["items"]:
        total += item["price"] * item["quantity"]
        pieces += item["quantity"]
    print(f"{pieces} pieces, {total} in all")
    return {"total": total, "average": total / pieces}
"""

SLOW_REPORT = """\
import time


def handler(event, context):
    time.sleep(event["seconds"])
    return {"slept": event["seconds"], "left_ms": context.get_remaining_time_in_millis()}
"""

RESIZE_PLAN = """\
def handler(event, context):
    picture = bytearray(event["megabytes"] * 1024 * 1024)
    return {"held": len(picture) // (1024 * 1024), "limit": int(context.memory_limit_in_mb)}
"""
