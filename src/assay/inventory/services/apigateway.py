"""Amazon API Gateway and AWS AppSync."""

from assay.inventory.tables import ResourceTable, Undocumented

TABLE = (
    ResourceTable(
        "AWS::ApiGateway::RestApi",
        defaults={
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-endpoint-types.html
            "EndpointConfiguration.Types": ["EDGE"],
            # Of edge-optimised and regional APIs; private ones have TLS_1_2.
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
            "SecurityPolicy": "TLS_1_0",
        },
    ),
    ResourceTable("AWS::ApiGateway::Stage", names=("StageName",)),
    ResourceTable(
        "AWS::ApiGateway::Method",
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html
        defaults={"AuthorizationType": "NONE"},
    ),
    ResourceTable(
        "AWS::ApiGateway::DomainName",
        defaults={
            "EndpointConfiguration.Types": ["EDGE"],
            "SecurityPolicy": Undocumented("the type of endpoint and the time at which the domain is made"),
        },
        names=("DomainName",),
    ),
    ResourceTable(
        "AWS::ApiGatewayV2::Route",
        # https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html
        defaults={"AuthorizationType": "NONE"},
    ),
    ResourceTable(
        "AWS::ApiGatewayV2::Integration",
        # https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html
        defaults={"ConnectionType": "INTERNET"},
    ),
    ResourceTable(
        "AWS::ApiGatewayV2::DomainName",
        # The only policy that HTTP and WebSocket APIs take.
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html
        defaults={"DomainNameConfigurations.*.SecurityPolicy": "TLS_1_2"},
        names=("DomainName",),
    ),
    ResourceTable(
        "AWS::AppSync::GraphQLApi",
        defaults={
            # https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateGraphqlApi.html
            "Visibility": "GLOBAL",
            "IntrospectionConfig": "ENABLED",
        },
    ),
    ResourceTable(
        "AWS::AppSync::ApiCache",
        # New caches are always encrypted. https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateApiCache.html
        defaults={"AtRestEncryptionEnabled": True, "TransitEncryptionEnabled": True},
    ),
)
