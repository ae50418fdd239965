"""Amazon EC2 and VPC."""

from assay.inventory.schema import BOOLEAN, Kind, Type, list_of
from assay.inventory.services.backup import IN_PLAN, IN_PLAN_DEFAULT, SELECTED
from assay.inventory.tables import Fold, ResourceTable, Undocumented

_ROUTES = list_of(Type(Kind.OBJECT, name="AWS::EC2::Route"))
# Whether a new volume is encrypted without saying so depends on its snapshot and the account's settings per region.
# https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
_ENCRYPTED = Undocumented("the snapshot and the account's setting for EBS encryption by default")
# The order is: the launch itself, the account's defaults, the image.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
# Only that the endpoint answers at all is a default that AWS documents.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html
_ROOT = Undocumented("the image's root device and the account's setting for EBS encryption by default")
_METADATA = Undocumented("the image and the account's defaults for instance metadata")

TABLE = (
    ResourceTable(
        "AWS::EC2::SecurityGroup",
        defaults={
            # "if you do not add egress rules, we add egress rules that allow all outbound IPv4 and IPv6 traffic"
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html
            "SecurityGroupEgress": [
                {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"},
                {"IpProtocol": "-1", "CidrIpv6": "::/0"},
            ],
        },
        unset={"SecurityGroupEgress": []},  # its rules are what they are; the default is a rule that can be removed
        names=("GroupName",),
        folds=(
            Fold("AWS::EC2::SecurityGroupIngress", key="GroupId", into="SecurityGroupIngress"),
            Fold("AWS::EC2::SecurityGroupEgress", key="GroupId", into="SecurityGroupEgress"),
        ),
    ),
    ResourceTable(
        "AWS::EC2::Instance",
        defaults={
            "MetadataOptions.HttpTokens": _METADATA,
            "MetadataOptions.HttpEndpoint": "enabled",
            "MetadataOptions.HttpPutResponseHopLimit": _METADATA,
            "BlockDeviceMappings": Undocumented("the image's own block devices"),
            "BlockDeviceMappings.*.Ebs.Encrypted": _ENCRYPTED,
            "Monitoring": False,
            "DisableApiTermination": False,
            "EbsOptimized": False,
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-instance.html
            "SourceDestCheck": True,
            "RootVolumeEncrypted": _ROOT,
        },
        decoded={"UserDataText": "UserData"},
        extra={"RootVolumeEncrypted": BOOLEAN},  # of a root device that no mapping names
        folds=(
            Fold("AWS::EC2::EIP", key="InstanceId", into="ElasticAddresses", fragments=False),
            Fold("AWS::EC2::EIPAssociation", key="InstanceId", into="ElasticAddressAssociations", fragments=False),
        ),
    ),
    ResourceTable(
        "AWS::EC2::LaunchTemplate",
        defaults={
            "LaunchTemplateData.MetadataOptions.HttpTokens": _METADATA,
            "LaunchTemplateData.MetadataOptions.HttpEndpoint": "enabled",
            "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit": _METADATA,
            "LaunchTemplateData.BlockDeviceMappings": Undocumented("the image's own block devices"),
            "LaunchTemplateData.BlockDeviceMappings.*.Ebs.Encrypted": _ENCRYPTED,
            "RootVolumeEncrypted": _ROOT,
        },
        extra={"RootVolumeEncrypted": BOOLEAN},
        names=("LaunchTemplateName",),
        decoded={"UserDataText": "LaunchTemplateData.UserData"},
    ),
    ResourceTable(
        "AWS::EC2::SpotFleet",
        defaults={
            "SpotFleetRequestConfigData.LaunchSpecifications.*.BlockDeviceMappings.*.Ebs.Encrypted": _ENCRYPTED,
        },
    ),
    ResourceTable(
        "AWS::EC2::VPCEndpointService",
        defaults={"AcceptanceRequired": Undocumented("what the service takes for granted")},
    ),
    ResourceTable(
        "AWS::EC2::Volume",
        defaults={"Encrypted": _ENCRYPTED, **IN_PLAN_DEFAULT},
        folds=(SELECTED,),
        extra=IN_PLAN,
    ),
    ResourceTable(
        "AWS::EC2::EIP",
        folds=(Fold("AWS::EC2::EIPAssociation", key="AllocationId", into="Associations", fragments=False),),
    ),
    ResourceTable(
        "AWS::EC2::NetworkInterface",
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-networkinterface.html
        defaults={"SourceDestCheck": True},
    ),
    ResourceTable(
        "AWS::EC2::NetworkAcl",
        folds=(
            Fold("AWS::EC2::NetworkAclEntry", key="NetworkAclId", into="Entries"),
            Fold("AWS::EC2::SubnetNetworkAclAssociation", key="NetworkAclId", into="Associations", fragments=False),
        ),
    ),
    ResourceTable(
        "AWS::EC2::InternetGateway",
        folds=(Fold("AWS::EC2::Route", key="GatewayId", into="Routes", fragments=False),),
    ),
    # The row of route tables stands before that of subnets, so that a table has its routes when a subnet gets them.
    ResourceTable("AWS::EC2::RouteTable", folds=(Fold("AWS::EC2::Route", key="RouteTableId", into="Routes"),)),
    ResourceTable(
        "AWS::EC2::Subnet",
        defaults={
            # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html: subnets that are not an
            # account's default ones do not assign addresses.
            "MapPublicIpOnLaunch": False,
            "Routes": Undocumented("the main route table of the VPC"),
        },
        folds=(
            Fold(
                "AWS::EC2::SubnetRouteTableAssociation",
                key="SubnetId",
                into="Routes",
                take="Routes",
                follow="RouteTableId",
                followed="AWS::EC2::RouteTable",
                type=_ROUTES,
                fragments=False,
            ),
        ),
    ),
    ResourceTable(
        "AWS::EC2::VPC",
        folds=(
            Fold("AWS::EC2::FlowLog", key="ResourceId", into="FlowLogs", fragments=False),
            Fold("AWS::EC2::VPCEndpoint", key="VpcId", into="Endpoints", fragments=False),
            # GroupId: !GetAtt Vpc.DefaultSecurityGroup
            Fold("AWS::EC2::SecurityGroupIngress", key="GroupId", into="DefaultGroupIngress", fragments=False),
            Fold("AWS::EC2::SecurityGroupEgress", key="GroupId", into="DefaultGroupEgress", fragments=False),
            Fold(
                "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation",
                key="ResourceId",
                into="DnsQueryLogs",
                fragments=False,
            ),
            Fold(
                "AWS::Route53Resolver::FirewallRuleGroupAssociation",
                key="VpcId",
                into="DnsFirewallRuleGroups",
                fragments=False,
            ),
        ),
    ),
    ResourceTable(
        "AWS::EC2::VPCEndpoint",
        defaults={
            # https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
            "VpcEndpointType": "Gateway",
            # https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html, "Default endpoint policy"
            "PolicyDocument": {
                "Statement": [{"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": ["*"], "Resource": ["*"]}]
            },
        },
    ),
    ResourceTable(
        "AWS::EC2::TransitGateway",
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRequestOptions.html
        defaults={
            "AutoAcceptSharedAttachments": "disable",
            "DefaultRouteTableAssociation": "enable",
            "DefaultRouteTablePropagation": "enable",
        },
    ),
)
