"""AWS Organizations and IAM Identity Center."""

from assay.inventory.schema import POLICY
from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    # https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganization.html (FeatureSet)
    ResourceTable("AWS::Organizations::Organization", defaults={"FeatureSet": "ALL"}),
    # Policies of other types (tags, backup, declarative) are no IAM policies; controls ask for the type first.
    ResourceTable("AWS::Organizations::Policy", names=("Name",), types={"Content": POLICY}),
    ResourceTable("AWS::Organizations::ResourcePolicy", types={"Content": POLICY}),
    # https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html: one hour unless set
    ResourceTable("AWS::SSO::PermissionSet", defaults={"SessionDuration": "PT1H"}, names=("Name",)),
)
