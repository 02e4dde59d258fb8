import cart_changes
import carts
import products

ROUTES = {
    "products": {"GET": products.in_category},
    "carts": {"GET": carts.show, "PUT": cart_changes.put},
}
