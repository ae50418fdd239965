"""Amazon SNS, SQS, CloudWatch alarms and API Gateway."""

from assay.inventory.schema import fields_of
from assay.inventory.shaping import shaped
from assay.sources.aws_config.items import Item
from assay.sources.aws_config.mapping import Entry, Properties, at, stated


def _topic(item: Item) -> Properties:
    arn = at(item.configuration, "TopicArn")
    name = arn.rsplit(":", 1)[-1] if isinstance(arn, str) else None
    return stated(TopicName=name, FifoTopic=name.endswith(".fifo") if name else None)


def _queue(item: Item) -> Properties:
    name = at(item.configuration, "QueueName")
    return stated(FifoQueue=name.endswith(".fifo") if isinstance(name, str) else None)


def _stage(item: Item) -> Properties:
    # arn:aws:apigateway:eu-west-1::/restapis/a1b2c3/stages/prod
    steps = item.arn.split("/")
    settings = at(item.configuration, "methodSettings")
    found = stated(RestApiId=steps[2] if len(steps) > 4 and steps[1] == "restapis" else None)
    if isinstance(settings, dict):
        wanted = fields_of("AWS::ApiGateway::Stage")["MethodSettings"].items
        found["MethodSettings"] = [
            {
                "ResourcePath": f"/{path.rpartition('/')[0]}",
                "HttpMethod": path.rpartition("/")[2],
                **shaped(each, wanted),
            }
            for path, each in settings.items()
            if isinstance(each, dict)
        ]
    return found


def _stage_of_api(item: Item) -> Properties:
    steps = item.arn.split("/")  # arn:aws:apigateway:eu-west-1::/apis/a1b2c3/stages/prod
    return stated(ApiId=steps[2] if len(steps) > 4 and steps[1] == "apis" else None)


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::SNS::Topic",
        same=("DisplayName", "KmsMasterKeyId", "TopicArn"),
        maybe={"Policy": "Policy", "SignatureVersion": "SignatureVersion", "TracingConfig": "TracingConfig"},
        derive=_topic,
        derived=("TopicName", "FifoTopic"),
    ),
    Entry(
        "AWS::SQS::Queue",
        same=(
            "DelaySeconds",
            "KmsDataKeyReusePeriodSeconds",
            "KmsMasterKeyId",
            "MaximumMessageSize",
            "MessageRetentionPeriod",
            "QueueName",
            "QueueUrl",
            "ReceiveMessageWaitTimeSeconds",
            "SqsManagedSseEnabled",
            "VisibilityTimeout",
        ),
        rows={"Arn": "QueueArn", "ContentBasedDeduplication": "ContentBasedDeduplication"},
        maybe={"Policy": "Policy", "RedrivePolicy": "RedrivePolicy", "RedriveAllowPolicy": "RedriveAllowPolicy"},
        derive=_queue,
        derived=("FifoQueue",),
    ),
    Entry(
        "AWS::CloudWatch::Alarm",
        same=(
            "ActionsEnabled",
            "AlarmActions",
            "AlarmDescription",
            "AlarmName",
            "ComparisonOperator",
            "DatapointsToAlarm",
            "Dimensions",
            "EvaluateLowSampleCountPercentile",
            "EvaluationPeriods",
            "ExtendedStatistic",
            "InsufficientDataActions",
            "MetricName",
            "Namespace",
            "OKActions",
            "Period",
            "Statistic",
            "Threshold",
            "ThresholdMetricId",
            "TreatMissingData",
            "Unit",
        ),
        rows={"Arn": "alarmArn"},
        maybe={"Metrics": "metrics"},
    ),
    Entry(
        "AWS::ApiGateway::RestApi",
        same=("BinaryMediaTypes", "Description", "EndpointConfiguration", "MinimumCompressionSize", "Name", "Version"),
        rows={"ApiKeySourceType": "apiKeySource", "RestApiId": "id"},
        maybe={"DisableExecuteApiEndpoint": "disableExecuteApiEndpoint", "Policy": "policy"},
    ),
    Entry(
        "AWS::ApiGateway::Stage",
        same=(
            "CacheClusterEnabled",
            "CacheClusterSize",
            "ClientCertificateId",
            "DeploymentId",
            "Description",
            "DocumentationVersion",
            "StageName",
            "TracingEnabled",
        ),
        rows={"AccessLogSetting": "accessLogSettings", "CanarySetting": "canarySettings"},
        maybe={"Variables": "variables", "MethodSettings": "methodSettings"},
        derive=_stage,
        derived=("RestApiId",),
    ),
    Entry(
        "AWS::ApiGatewayV2::Api",
        same=(
            "ApiEndpoint",
            "ApiId",
            "ApiKeySelectionExpression",
            "CorsConfiguration",
            "Description",
            "DisableExecuteApiEndpoint",
            "Name",
            "ProtocolType",
            "RouteSelectionExpression",
            "Version",
        ),
    ),
    Entry(
        "AWS::ApiGatewayV2::Stage",
        same=(
            "AccessLogSettings",
            "AutoDeploy",
            "ClientCertificateId",
            "DefaultRouteSettings",
            "DeploymentId",
            "Description",
            "StageName",
        ),
        maybe={"RouteSettings": "routeSettings", "StageVariables": "stageVariables"},
        derive=_stage_of_api,
        derived=("ApiId",),
    ),
)
