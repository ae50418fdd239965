"""Who can do what: the semantics of IAM policies, for one request and for all requests."""
