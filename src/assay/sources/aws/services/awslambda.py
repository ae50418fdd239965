"""AWS Lambda."""

from assay.sources.aws.entry import Call, Entry, List

_FUNCTION = {"FunctionName": "FunctionName"}

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Lambda::Function",
        "lambda",
        (List("ListFunctions", "Functions"),),
        "FunctionName",
        same=(
            "Architectures",
            "DeadLetterConfig",
            "Description",
            "EphemeralStorage",
            "FileSystemConfigs",
            "FunctionName",
            "Handler",
            "LoggingConfig",
            "MemorySize",
            "PackageType",
            "Role",
            "Runtime",
            "Timeout",
            "TracingConfig",
        ),
        rows={
            "Arn": "FunctionArn",
            "Environment.Variables": "Environment.Variables",
            "ImageConfig": "ImageConfigResponse.ImageConfig",
            "KmsKeyArn": "KMSKeyArn",
            "Layers": "Layers[].Arn",
            "VpcConfig": "VpcConfig",
        },
        calls=(
            Call(
                "GetFunction",
                _FUNCTION,
                same=("Tags",),
                rows={"ReservedConcurrentExecutions": "Concurrency.ReservedConcurrentExecutions"},
            ),
            Call(
                "GetFunctionCodeSigningConfig", _FUNCTION, same=("CodeSigningConfigArn",), when="is(PackageType, 'Zip')"
            ),
        ),
        gone=("ResourceNotFoundException",),
        optional=("ReservedConcurrentExecutions",),
    ),
)
