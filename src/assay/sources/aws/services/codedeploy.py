"""AWS CodeDeploy. The configurations that AWS supplies are no customer's, and left out."""

from assay.sources.aws.entry import Call, Entry, List

_GROUP = {"applicationName": "applicationName", "deploymentGroupName": "deploymentGroupName"}

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::CodeDeploy::DeploymentGroup",
        "codedeploy",
        (
            List("ListApplications", "applications[].{applicationName: @}"),
            List(
                "ListDeploymentGroups",
                "deploymentGroups[].{deploymentGroupName: @}",
                {"applicationName": "applicationName"},
                carry={"applicationName": "applicationName"},
                absent=("ApplicationDoesNotExistException",),
            ),
        ),
        "join('|', [applicationName, deploymentGroupName])",
        describe=Call("GetDeploymentGroup", _GROUP, answer="deploymentGroupInfo"),
        same=(
            "AlarmConfiguration",
            "ApplicationName",
            "AutoRollbackConfiguration",
            "BlueGreenDeploymentConfiguration",
            "DeploymentConfigName",
            "DeploymentGroupName",
            "DeploymentStyle",
            "ECSServices",
            "Ec2TagFilters",
            "LoadBalancerInfo",
            "OnPremisesInstanceTagFilters",
            "OutdatedInstancesStrategy",
            "ServiceRoleArn",
            "TerminationHookEnabled",
            "TriggerConfigurations",
        ),
        rows={"AutoScalingGroups": "autoScalingGroups[].name"},
        gone=("ApplicationDoesNotExistException", "DeploymentGroupDoesNotExistException"),
    ),
    Entry(
        "AWS::CodeDeploy::DeploymentConfig",
        "codedeploy",
        (
            List(
                "ListDeploymentConfigs",
                "deploymentConfigsList[?after(@, 'CodeDeployDefault.') == @].{deploymentConfigName: @}",
            ),
        ),
        "deploymentConfigName",
        describe=Call(
            "GetDeploymentConfig", {"deploymentConfigName": "deploymentConfigName"}, answer="deploymentConfigInfo"
        ),
        same=("ComputePlatform", "DeploymentConfigName", "MinimumHealthyHosts", "TrafficRoutingConfig", "ZonalConfig"),
        gone=("DeploymentConfigDoesNotExistException",),
    ),
)
