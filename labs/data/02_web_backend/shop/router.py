from routes import ROUTES


def answer(event):
    collection, _, name = event["path"].strip("/").partition("/")
    return ROUTES[collection][event["httpMethod"]](event, name)
