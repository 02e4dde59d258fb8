"""Authentication and authorization: everything between the network and the services.

front_door     host names, browsers, and headers that only the engine itself may send
visitor        a request from outside the engine, and its signature
credentials    which access keys exist, and their secrets
routes         which routes beside AWS's API are public, and which are for the owner
chain          our steps in LocalStack's chain of handlers:
signatures       who has signed the request
authorization    what roles, users and services may do; policies and acls are what it reads
public_access    what a bucket's settings block
missing_objects  who may know that an object doesn't exist
function_roles   what Lambda requires of a function's role
task_roles       whose role a state machine's task has
function_urls, websites, log_subscriptions
                 what LocalStack serves or delivers to everybody
denials        what was denied, for the checks to read
peers          which process is at the other end of a connection
"""
