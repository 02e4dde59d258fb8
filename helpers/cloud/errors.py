"""Errors of the cloud. Each message says what happened and what to do next.

CloudError
├── CloudDidNotStart   the embedded engine ended, or took too long, before it answered
├── CloudUnreachable   no LocalStack answers at the given address
└── CloudRefused       the settings ask for a cloud that must not be used
"""

from helpers.errors import LabError


class CloudError(LabError):
    pass


class CloudDidNotStart(CloudError):
    pass


class CloudUnreachable(CloudError):
    pass


class CloudRefused(CloudError):
    pass
