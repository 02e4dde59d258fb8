"""Who calls, and whether they may: everything between the network and the services.

front_door    host names, browsers, and what only the engine may say of itself
credentials   whose access keys there are, and their secrets
visitor       one request from outside, and its signature
doors         which routes are open without a signature, and which are the owner's alone
refusals      AWS's errors for what is refused, in each service's words
authorization what roles, users and services may do
"""
