"""AWS Systems Manager. Values of parameters are never asked for: who may read one may read the encrypted ones too."""

from assay.sources.aws.entry import Call, Entry, List


def _tags(kind: str, identifier: str) -> Call:
    return Call(
        "ListTagsForResource", {"ResourceType": f"'{kind}'", "ResourceId": identifier}, rows={"Tags": "TagList"}
    )


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::SSM::Document",
        "ssm",
        (List("ListDocuments", "DocumentIdentifiers", {"Filters": '`[{"Key": "Owner", "Values": ["Self"]}]`'}),),
        "Name",
        same=("DocumentFormat", "DocumentType", "Name", "Requires", "Tags", "TargetType", "VersionName"),
        calls=(Call("GetDocument", {"Name": "Name"}, rows={"Content": "parsed(Content)"}),),
        gone=("InvalidDocument",),
    ),
    Entry(
        "AWS::SSM::Parameter",
        "ssm",
        (List("DescribeParameters", "Parameters"),),
        "Name",
        same=("AllowedPattern", "Arn", "DataType", "Description", "Name", "Tier", "Type"),
        calls=(_tags("Parameter", "Name"),),
        gone=("InvalidResourceId",),
    ),
    Entry(
        "AWS::SSM::MaintenanceWindow",
        "ssm",
        (List("DescribeMaintenanceWindows", "WindowIdentities"),),
        "WindowId",
        describe=Call("GetMaintenanceWindow", {"WindowId": "WindowId"}),
        same=(
            "AllowUnassociatedTargets",
            "Cutoff",
            "Description",
            "Duration",
            "EndDate",
            "Name",
            "Schedule",
            "ScheduleOffset",
            "ScheduleTimezone",
            "StartDate",
            "WindowId",
        ),
        calls=(_tags("MaintenanceWindow", "WindowId"),),
        gone=("DoesNotExistException", "InvalidResourceId"),
        optional=("ScheduleOffset",),
    ),
    Entry(
        "AWS::SSM::PatchBaseline",
        "ssm",
        (
            List(
                "DescribePatchBaselines",
                "BaselineIdentities",
                {"Filters": '`[{"Key": "OWNER", "Values": ["Self"]}]`'},
            ),
        ),
        "BaselineId",
        describe=Call("GetPatchBaseline", {"BaselineId": "BaselineId"}),
        same=(
            "ApprovalRules",
            "ApprovedPatches",
            "ApprovedPatchesComplianceLevel",
            "ApprovedPatchesEnableNonSecurity",
            "AvailableSecurityUpdatesComplianceStatus",
            "DefaultBaseline",
            "Description",
            "GlobalFilters",
            "Name",
            "OperatingSystem",
            "PatchGroups",
            "RejectedPatches",
            "RejectedPatchesAction",
            "Sources",
        ),
        rows={"Id": "BaselineId"},
        calls=(_tags("PatchBaseline", "BaselineId"),),
        gone=("DoesNotExistException", "InvalidResourceId"),
    ),
    Entry(
        "AWS::SSM::Association",
        "ssm",
        (List("ListAssociations", "Associations"),),
        "AssociationId",
        describe=Call("DescribeAssociation", {"AssociationId": "AssociationId"}, answer="AssociationDescription"),
        same=(
            "AssociationDispatchAssumeRole",
            "ApplyOnlyAtCronInterval",
            "AssociationId",
            "AssociationName",
            "AutomationTargetParameterName",
            "CalendarNames",
            "ComplianceSeverity",
            "DocumentVersion",
            "InstanceId",
            "MaxConcurrency",
            "MaxErrors",
            "Name",
            "OutputLocation",
            "Parameters",
            "ScheduleExpression",
            "ScheduleOffset",
            "SyncCompliance",
            "Targets",
        ),
        gone=("AssociationDoesNotExist",),
        optional=("ScheduleOffset",),
    ),
)
