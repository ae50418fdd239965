"""Amazon EventBridge. Rules that a service made for itself are no customer's rules, and left out."""

from assay.sources.aws.entry import Call, Entry, List

_BUSES = List("ListEventBuses", "EventBuses", tokens=("NextToken", "NextToken"))

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Events::EventBus",
        "events",
        (_BUSES,),
        "Name",
        describe=Call("DescribeEventBus", {"Name": "Name"}),
        same=("Arn", "DeadLetterConfig", "Description", "KmsKeyIdentifier", "LogConfig", "Name", "Policy"),
        # A bus of a partner is called as its source is.
        # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html
        rows={"EventSourceName": "starts_with(Name, 'aws.partner/') && Name || `null`"},
        calls=(Call("ListTagsForResource", {"ResourceARN": "Arn"}, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
        holds=frozenset({"AWS::Events::EventBusPolicy"}),
    ),
    Entry(
        "AWS::Events::Rule",
        "events",
        (_BUSES, List("ListRules", "Rules", {"EventBusName": "Name"}, absent=("ResourceNotFoundException",))),
        "Arn",
        keep="!ManagedBy",
        same=("Arn", "Description", "EventBusName", "Name", "RoleArn", "ScheduleExpression", "State"),
        rows={"EventPattern": "parsed(EventPattern)", "RuleName": "Name"},
        calls=(
            Call("ListTargetsByRule", {"EventBusName": "EventBusName", "Rule": "Name"}, same=("Targets",)),
            Call("ListTagsForResource", {"ResourceARN": "Arn"}, same=("Tags",)),
        ),
        gone=("ResourceNotFoundException",),
    ),
)
