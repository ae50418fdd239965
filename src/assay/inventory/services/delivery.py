"""AWS CodeBuild, CodePipeline, CodeArtifact."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
