"""AWS CodeBuild, AWS CodePipeline, AWS CodeArtifact."""

from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Properties, Together, nothing

_NONE = nothing("ResourceNotFoundException")
_PIPELINE = "join('', ['arn:', partition(), ':codepipeline:', region(), ':', account(), ':', name])"
_DOMAIN = {"domain": "name", "domainOwner": "owner"}
_REPOSITORY = {"domain": "domainName", "domainOwner": "domainOwner", "repository": "name"}


def _stores(pipeline: Any) -> Properties:
    """Return the stores of a pipeline of several regions, which the service keys by region."""
    stores = pipeline.get("artifactStores") or {}
    return {"ArtifactStores": [{"Region": region, "ArtifactStore": each} for region, each in stores.items()] or None}


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::CodeBuild::Project",
        "codebuild",
        (List("ListProjects", "projects[].{name: @}"),),
        "name",
        describe=Call("BatchGetProjects", together=Together("projects", ("name", "name"), "names", 100)),
        same=(
            "Arn",
            "Artifacts",
            "AutoRetryLimit",
            "BuildBatchConfig",
            "Cache",
            "ConcurrentBuildLimit",
            "Description",
            "EncryptionKey",
            "Environment",
            "FileSystemLocations",
            "LogsConfig",
            "Name",
            "QueuedTimeoutInMinutes",
            "ResourceAccessRole",
            "SecondaryArtifacts",
            "SecondarySources",
            "SecondarySourceVersions",
            "ServiceRole",
            "Source",
            "SourceVersion",
            "Tags",
            "TimeoutInMinutes",
            "VpcConfig",
        ),
        rows={
            "Id": "name",
            "BadgeEnabled": "badge.badgeEnabled",
            "Triggers": (
                "webhook && {Webhook: `true`, BuildType: webhook.buildType, FilterGroups: webhook.filterGroups, "
                "PullRequestBuildPolicy: webhook.pullRequestBuildPolicy, "
                "ScopeConfiguration: webhook.scopeConfiguration}"
            ),
            "Visibility": "projectVisibility",
        },
        optional=(
            "AutoRetryLimit",
            "ConcurrentBuildLimit",
        ),
    ),
    Entry(
        "AWS::CodePipeline::Pipeline",
        "codepipeline",
        (List("ListPipelines", "pipelines"),),
        "name",
        describe=Call("GetPipeline", {"name": "name"}, answer="pipeline"),
        same=(
            "ArtifactStore",
            "ExecutionMode",
            "Name",
            "PipelineType",
            "RoleArn",
            "Stages",
            "Triggers",
            "Variables",
            "Version",
        ),
        rows={"Arn": _PIPELINE},
        derive=_stores,
        derived=("ArtifactStores",),
        calls=(Call("ListTagsForResource", {"resourceArn": _PIPELINE}, same=("Tags",)),),
        gone=("PipelineNotFoundException", "ResourceNotFoundException"),
    ),
    Entry(
        "AWS::CodeArtifact::Domain",
        "codeartifact",
        (List("ListDomains", "domains"),),
        "arn",
        same=("Arn", "EncryptionKey", "Name", "Owner"),
        rows={"DomainName": "name"},
        calls=(
            Call(
                "GetDomainPermissionsPolicy",
                _DOMAIN,
                rows={"PermissionsPolicyDocument": "policy.document"},
                absent=_NONE,
            ),
            Call("ListTagsForResource", {"resourceArn": "arn"}, same=("Tags",)),
        ),
    ),
    Entry(
        "AWS::CodeArtifact::Repository",
        "codeartifact",
        (List("ListRepositories", "repositories"),),
        "arn",
        describe=Call("DescribeRepository", _REPOSITORY, answer="repository"),
        same=("Arn", "Description", "DomainName", "DomainOwner", "Name"),
        rows={
            "ExternalConnections": "externalConnections[].externalConnectionName",
            "RepositoryName": "name",
            "Upstreams": "upstreams[].repositoryName",
        },
        calls=(
            Call(
                "GetRepositoryPermissionsPolicy",
                _REPOSITORY,
                rows={"PermissionsPolicyDocument": "policy.document"},
                absent=_NONE,
            ),
            Call("ListTagsForResource", {"resourceArn": "arn"}, same=("Tags",)),
        ),
    ),
)
