"""AWS Transfer Family and AWS IoT."""

from assay.inventory.tables import ResourceTable, Undocumented

TABLE = (
    ResourceTable(
        "AWS::Transfer::Server",
        defaults={
            # https://docs.aws.amazon.com/transfer/latest/APIReference/API_CreateServer.html
            "Protocols": ["SFTP"],
            "EndpointType": "PUBLIC",
            # What CloudFormation gives a server that names none; the API is newer than that.
            # https://docs.aws.amazon.com/transfer/latest/userguide/security-policies.html
            "SecurityPolicyName": "TransferSecurityPolicy-2018-11",
        },
    ),
    ResourceTable(
        "AWS::IoT::DomainConfiguration",
        # https://docs.aws.amazon.com/iot/latest/developerguide/iot-endpoints-tls-config.html
        defaults={"TlsConfig.SecurityPolicy": Undocumented("the region and the day on which the domain is made")},
    ),
    ResourceTable("AWS::IoT::Policy", names=("PolicyName",)),
)
