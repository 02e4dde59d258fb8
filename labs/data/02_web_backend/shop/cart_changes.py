from answers import reply
from carts import table
from incoming import items_of


def put(event, name):
    cart = {"cart": name, "items": items_of(event)}
    table.put_item(Item=cart)
    return reply(200, cart)
