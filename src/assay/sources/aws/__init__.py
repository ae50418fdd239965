"""Live accounts, collected by a catalogue: one entry per resource type, one file per service under services/.

How to write an entry
---------------------

    Entry(
        "AWS::KMS::Key",                                   # CloudFormation's type, or one under inventory/types/
        "kms",                                             # botocore's name of the service
        (List("ListKeys", "Keys"),),                       # what names the resources: operation, JMESPath to the items
        "KeyId",                                           # JMESPath over the item: Cloud Control's identifier
        describe=Call("DescribeKey", {"KeyId": "KeyId"}, answer="KeyMetadata"),
        keep="is(KeyManager, 'CUSTOMER')",                 # where it is false, the item is left out
        same=("Arn", "Description", "Enabled"),            # properties whose name the answer has, but for case
        rows={"LoggingConfiguration.DestinationBucketName": "Target.Bucket"},   # property path: JMESPath
        calls=(
            Call(
                "GetKeyRotationStatus",
                {"KeyId": "KeyId"},                        # argument: JMESPath over the item, described
                rows={"EnableKeyRotation": "KeyRotationEnabled"},
                absent={"UnsupportedOperationException": {"EnableKeyRotation": False}},
            ),
        ),
        gone=("NotFoundException",),
    )

`entry.py` documents every field. The rules:

- **Everything said is checked** by `verification.py`, in milliseconds and without AWS, by
  `tests/sources/aws/test_catalogue.py`: the entry is run on the largest answers that botocore's models allow.
  Members, operations, arguments, words of enumerations, error codes, property names and the types of values must be
  right, and everything claimed must be given.
- **List what is asked for, and nothing else.** What no `same`, `rows` or `derived` names is unknown for every
  resource. What they name and an answer leaves out is absent (`inventory/observed.py`). Parts *within* a given object
  that the entry never gives are found by the check and set to unknown by themselves. `never` names paths that no live
  resource has.
- **Names in objects need no rows**: of what an expression finds, keys become the schema's but for case; tags become
  pairs or a map as the schema has them; JSON texts become policies; {"Quantity", "Items"} becomes a list; numbers may
  stand where text is wanted. So `rows` are for what is called or nested differently.
- **A boolean made of a word** is `is(Status, 'ENABLED')`: null when nothing was said. `==` would say false. A boolean
  that the API leaves out when it is false is "Flag || `false`". Do not use to_string: it makes "null" of nothing.
- **optional**: a number or boolean that an answer leaves out was not said, and is unknown; but for those named here,
  where leaving it out means that there is none (a log group's RetentionInDays).
- **keep** and **when** decide where they are false, and only there: written with `is`, an item that does not say is
  kept, and asked about.
- **absent** of a call: the error codes by which the service says that there is no such thing,
  `nothing("NoSuchTagSet")`, or with the values that this amounts to. Any other error makes exactly what the call
  gives unknown. **absent** of a `List`: there are none of the kind. **gone**: the resource ceased to exist since it
  was listed. Never put AccessDenied there, but for a service that answers so when it is not enabled:
  "AccessDeniedException: Macie is not enabled" compares the message's beginning.
- **Lists within lists**: `listing` may have several `List`s; the arguments of each are taken from the items of the
  one before. `carry={"cluster": "arn"}` adds to each item what is to be kept of the one above; items must be objects
  then, and a list of texts becomes one of objects by "serviceArns[].{arn: @}".
- **Several at once**: `together=Together("clusters", ("arn", "clusterArn"), "clusters", 100)` asks about a hundred
  items in a call, and matches by the two JMESPaths; without an argument the call is made once for all items. Prefer
  it: it saves requests.
- **An entry without `listing`** is a setting of the account (GLOBAL) or of each region (REGIONAL): one resource.
- **Literals** are JMESPath's: "'text'", "`true`", '`["self"]`'. `account()`, `region()`, `partition()` say where the
  call is made.
- **derive** is for what JMESPath cannot say: a function of the item or answer, plain JSON, never None. It is a pure
  function without tests on types beyond need, and `derived` names all properties that it gives.
- Pages are read by themselves where botocore has a paginator; else state `tokens` of a list (the check demands it), or
  `once` of a call whose first page says all that is asked for.
- **IAM actions** that are not called like the operation go into `actions.py`.
- **parts** are resources that CloudFormation declares apart and the item holds (a subnet's association in its route
  table); `declares` names their types.
- A new file under services/ is added to the tuple in `services/__init__.py`.

`assay collect --catalogue` prints what each entry gives and leaves out.

How it works
------------

    entry.py          the form                         services/      the tables
    paths.py          JMESPath, with our functions      reading.py     from an answer to properties
    samples.py        the largest answers               rehearsal.py   an entry tried on them
    verification.py   whether an entry is right          unasked.py     what it never asks for within a property
    translate.py      what was answered, as a resource   actions.py     operation to IAM action
"""
