"""Amazon EMR. Clusters that have ended are left out, and the passwords of Kerberos."""

from typing import Any

from assay.inventory.shaping import policy
from assay.inventory.values import Cause, Reason, Unknown
from assay.sources.aws.entry import Call, Entry, List, Properties

_ALIVE = '`["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"]`'

_SECURITY = "AWS::EMR::SecurityConfiguration SecurityConfiguration"


def _configuration(answer: Any) -> Properties:
    found = policy(answer.get("SecurityConfiguration"))  # the text of a JSON object
    if isinstance(found, dict):
        return {"SecurityConfiguration": found}
    return {"SecurityConfiguration": Unknown(Reason(Cause.MALFORMED, _SECURITY, "it is not the text of an object"))}


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::EMR::Cluster",
        "emr",
        (List("ListClusters", "Clusters", {"ClusterStates": _ALIVE}),),
        "Id",
        describe=Call("DescribeCluster", {"ClusterId": "Id"}, answer="Cluster"),
        same=(
            "AutoScalingRole",
            "Configurations",
            "CustomAmiId",
            "EbsRootVolumeIops",
            "EbsRootVolumeSize",
            "EbsRootVolumeThroughput",
            "Id",
            "LogEncryptionKmsKeyId",
            "LogUri",
            "Name",
            "OSReleaseLabel",
            "ReleaseLabel",
            "ScaleDownBehavior",
            "SecurityConfiguration",
            "ServiceRole",
            "StepConcurrencyLevel",
            "Tags",
            "VisibleToAllUsers",
        ),
        rows={
            "Applications": "Applications[].{Name: Name, Version: Version}",
            "Instances.AdditionalMasterSecurityGroups": "Ec2InstanceAttributes.AdditionalMasterSecurityGroups",
            "Instances.AdditionalSlaveSecurityGroups": "Ec2InstanceAttributes.AdditionalSlaveSecurityGroups",
            "Instances.Ec2KeyName": "Ec2InstanceAttributes.Ec2KeyName",
            "Instances.Ec2SubnetId": "Ec2InstanceAttributes.Ec2SubnetId",
            "Instances.EmrManagedMasterSecurityGroup": "Ec2InstanceAttributes.EmrManagedMasterSecurityGroup",
            "Instances.EmrManagedSlaveSecurityGroup": "Ec2InstanceAttributes.EmrManagedSlaveSecurityGroup",
            "Instances.KeepJobFlowAliveWhenNoSteps": "([@][?AutoTerminate != `null`].{is: !AutoTerminate} | [0]).is",
            "Instances.ServiceAccessSecurityGroup": "Ec2InstanceAttributes.ServiceAccessSecurityGroup",
            "Instances.TerminationProtected": "TerminationProtected",
            "Instances.UnhealthyNodeReplacement": "UnhealthyNodeReplacement",
            "JobFlowRole": "Ec2InstanceAttributes.IamInstanceProfile",
            "KerberosAttributes": "KerberosAttributes.{Realm: Realm, ADDomainJoinUser: ADDomainJoinUser}",
            "MasterPublicDNS": "MasterPublicDnsName",
        },
        optional=(
            "EbsRootVolumeIops",
            "EbsRootVolumeSize",
            "EbsRootVolumeThroughput",
        ),
    ),
    Entry(
        "AWS::EMR::SecurityConfiguration",
        "emr",
        (List("ListSecurityConfigurations", "SecurityConfigurations"),),
        "Name",
        describe=Call("DescribeSecurityConfiguration", {"Name": "Name"}),
        same=("Name",),
        derive=_configuration,
        derived=("SecurityConfiguration",),
    ),
)
