"""What accounts share and send: AWS RAM, Amazon SES, profiles of IAM Roles Anywhere, sinks of CloudWatch."""

from assay.sources.aws.entry import Call, Entry, List, nothing

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::RAM::ResourceShare",
        "ram",
        (List("GetResourceShares", "resourceShares", {"resourceOwner": "'SELF'"}),),
        "resourceShareArn",
        keep="!contains(['DELETING', 'DELETED'], status)",
        same=(
            "AllowExternalPrincipals",
            "CreationTime",
            "FeatureSet",
            "LastUpdatedTime",
            "Name",
            "OwningAccountId",
            "Status",
            "Tags",
        ),
        rows={"Arn": "resourceShareArn"},
    ),
    Entry(
        "AWS::SES::ConfigurationSet",
        "sesv2",
        (
            List(
                "ListConfigurationSets",
                "ConfigurationSets[].{ConfigurationSetName: @}",
                tokens=("NextToken", "NextToken"),
            ),
        ),
        "ConfigurationSetName",
        describe=Call("GetConfigurationSet", {"ConfigurationSetName": "ConfigurationSetName"}),
        same=(
            "ArchivingOptions",
            "DeliveryOptions",
            "ReputationOptions",
            "SendingOptions",
            "SuppressionOptions",
            "Tags",
            "TrackingOptions",
            "VdmOptions",
        ),
        rows={"Name": "ConfigurationSetName"},
        gone=("NotFoundException",),
    ),
    Entry(
        "AWS::RolesAnywhere::Profile",
        "rolesanywhere",
        (List("ListProfiles", "profiles"),),
        "profileId",
        same=(
            "AcceptRoleSessionName",
            "DurationSeconds",
            "Enabled",
            "ManagedPolicyArns",
            "Name",
            "ProfileArn",
            "ProfileId",
            "RequireInstanceProperties",
            "RoleArns",
            "SessionPolicy",
        ),
        calls=(Call("ListTagsForResource", {"resourceArn": "profileArn"}, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::Oam::Sink",
        "oam",
        (List("ListSinks", "Items"),),
        "Arn",
        same=("Arn", "Name"),
        calls=(
            Call(
                "GetSinkPolicy",
                {"SinkIdentifier": "Arn"},
                rows={"Policy": "Policy"},
                absent=nothing("ResourceNotFoundException"),
            ),
            Call("ListTagsForResource", {"ResourceArn": "Arn"}, same=("Tags",)),
        ),
        gone=("ResourceNotFoundException",),
    ),
)
