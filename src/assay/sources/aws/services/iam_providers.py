"""Who else signs in, and what instances carry: identity providers, server certificates, instance profiles."""

from assay.sources.aws.entry import Call, Entry, List, Scope

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::IAM::OIDCProvider",
        "iam",
        (List("ListOpenIDConnectProviders", "OpenIDConnectProviderList"),),
        "Arn",
        scope=Scope.GLOBAL,
        describe=Call("GetOpenIDConnectProvider", {"OpenIDConnectProviderArn": "Arn"}),
        same=("Arn", "ClientIdList", "Tags", "ThumbprintList", "Url"),
        gone=("NoSuchEntity",),
    ),
    Entry(
        "AWS::IAM::SAMLProvider",
        "iam",
        (List("ListSAMLProviders", "SAMLProviderList"),),
        "Arn",
        scope=Scope.GLOBAL,
        describe=Call("GetSAMLProvider", {"SAMLProviderArn": "Arn"}),
        same=("Arn", "AssertionEncryptionMode", "SamlMetadataDocument", "SamlProviderUUID", "Tags"),
        rows={"Name": "after(Arn, '/')"},
        gone=("NoSuchEntity",),
    ),
    Entry(
        "AWS::IAM::ServerCertificate",
        "iam",
        (List("ListServerCertificates", "ServerCertificateMetadataList"),),
        "ServerCertificateName",
        scope=Scope.GLOBAL,
        same=("Arn", "Path", "ServerCertificateName"),
        calls=(Call("ListServerCertificateTags", {"ServerCertificateName": "ServerCertificateName"}, same=("Tags",)),),
        gone=("NoSuchEntity",),
    ),
    Entry(
        "AWS::IAM::InstanceProfile",
        "iam",
        (List("ListInstanceProfiles", "InstanceProfiles"),),
        "InstanceProfileName",
        scope=Scope.GLOBAL,
        same=("Arn", "InstanceProfileName", "Path"),
        rows={"Roles": "Roles[].RoleName"},
    ),
)
