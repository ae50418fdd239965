"""Amazon CloudFront."""

from assay.inventory.tables import Fold, ResourceTable, Undocumented

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::CloudFront::Distribution",
        defaults={
            # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html: without a
            # certificate of one's own it is the default one, and then the security policy is TLSv1.
            "DistributionConfig.ViewerCertificate": {"CloudFrontDefaultCertificate": True},
            "DistributionConfig.ViewerCertificate.MinimumProtocolVersion": "TLSv1",
            "DistributionConfig.Origins.*.CustomOriginConfig.OriginSSLProtocols": Undocumented(
                "what CloudFormation fills in; the API demands a list"
            ),
        },
        # Standard logging of 2024 is a delivery of CloudWatch Logs.
        folds=(Fold("AWS::Logs::DeliverySource", key="ResourceArn", into="LogDeliveries", fragments=False),),
    ),
)
