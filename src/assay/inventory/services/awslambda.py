"""AWS Lambda."""

from assay.inventory.tables import Fold, ResourceTable

TABLE = (
    ResourceTable(
        "AWS::Lambda::Function",
        defaults={
            # https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (Architectures, PackageType)
            "Architectures": ["x86_64"],
            "PackageType": "Zip",
            # https://docs.aws.amazon.com/lambda/latest/api/API_TracingConfig.html
            "TracingConfig.Mode": "PassThrough",
            # https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html
            "RuntimeManagementConfig.UpdateRuntimeOn": "Auto",
            # https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
            "RecursiveLoop": "Terminate",
        },
        names=("FunctionName",),
        folds=(
            Fold("AWS::Lambda::Permission", key="FunctionName", into="Permissions"),
            # Says who may be told of failures, and nothing that a function elsewhere could be judged by.
            Fold("AWS::Lambda::EventInvokeConfig", key="FunctionName", into="EventInvokeConfigs", fragments=False),
        ),
    ),
    ResourceTable(
        "AWS::Lambda::CodeSigningConfig",
        # https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
        defaults={"CodeSigningPolicies.UntrustedArtifactOnDeployment": "Warn"},
    ),
)
