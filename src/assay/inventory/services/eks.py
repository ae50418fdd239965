"""Amazon EKS."""

from assay.inventory.tables import ResourceTable, Undocumented

TABLE = (
    ResourceTable(
        "AWS::EKS::Cluster",
        defaults={
            # https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigRequest.html
            "ResourcesVpcConfig.EndpointPublicAccess": True,
            "ResourcesVpcConfig.EndpointPrivateAccess": False,
            "ResourcesVpcConfig.PublicAccessCidrs": ["0.0.0.0/0"],
            # https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
            "Version": Undocumented("the day on which the cluster is made"),
            "AccessConfig.AuthenticationMode": "CONFIG_MAP",
        },
        names=("Name",),
    ),
    ResourceTable(
        "AWS::EKS::Nodegroup",
        # https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
        defaults={
            "Version": Undocumented("the version of the cluster"),
            "AmiType": Undocumented("the version of Kubernetes and the launch template"),
        },
    ),
)
