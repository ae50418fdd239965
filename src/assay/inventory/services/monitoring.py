"""Amazon CloudWatch, CloudWatch Logs, AWS X-Ray, AWS CloudFormation, AWS RAM and Systems Manager Incident Manager."""

from assay.inventory.schema import POLICY
from assay.inventory.tables import Fold, ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-alarm.html
    ResourceTable("AWS::CloudWatch::Alarm", defaults={"ActionsEnabled": True}, names=("AlarmName",)),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-compositealarm.html
    ResourceTable("AWS::CloudWatch::CompositeAlarm", defaults={"ActionsEnabled": True}, names=("AlarmName",)),
    ResourceTable("AWS::Logs::LogGroup", names=("LogGroupName",)),
    # The schema says text, and the text is a policy document.
    ResourceTable("AWS::Logs::Destination", names=("DestinationName",), types={"DestinationPolicy": POLICY}),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-typeactivation.html
    ResourceTable("AWS::CloudFormation::TypeActivation", defaults={"AutoUpdate": True}),
    # https://docs.aws.amazon.com/ram/latest/APIReference/API_CreateResourceShare.html
    ResourceTable("AWS::RAM::ResourceShare", defaults={"AllowExternalPrincipals": True}, names=("Name",)),
    ResourceTable(
        "AWS::SSMContacts::Contact",
        folds=(Fold("AWS::SSMContacts::Plan", key="ContactId", into="Plan", take="Stages"),),
        names=("Alias",),
    ),
)
