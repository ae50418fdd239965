"""Amazon WorkSpaces."""

from assay.sources.aws.entry import Call, Entry, List

_DIRECTORY = "join('', ['arn:', partition(), ':workspaces:', region(), ':', account(), ':directory/', DirectoryId])"

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::WorkSpaces::Workspace",
        "workspaces",
        (List("DescribeWorkspaces", "Workspaces"),),
        "WorkspaceId",
        keep="State != 'TERMINATED'",
        same=(
            "BundleId",
            "DirectoryId",
            "UserName",
            "VolumeEncryptionKey",
            "WorkspaceId",
            "WorkspaceProperties",
        ),
        rows={
            # Left out of volumes that are not encrypted.
            "RootVolumeEncryptionEnabled": "RootVolumeEncryptionEnabled || `false`",
            "UserVolumeEncryptionEnabled": "UserVolumeEncryptionEnabled || `false`",
        },
        calls=(Call("DescribeTags", {"ResourceId": "WorkspaceId"}, rows={"Tags": "TagList"}),),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::WorkSpaces::Directory",
        "workspaces",
        (List("DescribeWorkspaceDirectories", "Directories"),),
        _DIRECTORY,
        keep="State != 'DEREGISTERED'",
        same=(
            "ActiveDirectoryConfig",
            "CertificateBasedAuthProperties",
            "SamlProperties",
            "SelfservicePermissions",
            "StreamingProperties",
            "WorkspaceAccessProperties",
            "WorkspaceDirectoryDescription",
            "WorkspaceDirectoryName",
            "IDCConfig",
            "MicrosoftEntraConfig",
            "DnsIpv6Addresses",
            "Alias",
            "CustomerUserName",
            "DirectoryId",
            "DirectoryName",
            "DirectoryType",
            "DnsIpAddresses",
            "EndpointEncryptionMode",
            "IamRoleId",
            "IpGroupIds",
            "RegistrationCode",
            "State",
            "SubnetIds",
            "Tenancy",
            "UserIdentityType",
            "WorkspaceCreationProperties",
            "WorkspaceSecurityGroupId",
            "WorkspaceType",
        ),
        rows={"Arn": _DIRECTORY},
        calls=(Call("DescribeTags", {"ResourceId": "DirectoryId"}, rows={"Tags": "TagList"}),),
        gone=("ResourceNotFoundException",),
    ),
)
