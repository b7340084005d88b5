"""CloudFormation types that AWS does not charge for in themselves; what they configure is charged where it runs.

Only what AWS documents as free. When in doubt a type is not listed: it is then shown as not priced, which
is honest, instead of free, which may be wrong.
"""

# https://aws.amazon.com/iam/faqs/: IAM is offered at no additional charge.
FREE_SERVICES = ("AWS::IAM::",)
# By service; the pricing page of each (https://aws.amazon.com/SERVICE/pricing/) charges for other things than these.
# AWS::CDK::Metadata is a note of the CDK, and creates nothing.
TYPES = {
    "ApiGateway": """
        Account ApiKey Authorizer BasePathMapping ClientCertificate DocumentationPart DocumentationVersion DomainName
        GatewayResponse Method Model RequestValidator Resource UsagePlan UsagePlanKey VpcLink""",
    "ApiGatewayV2": """
        ApiGatewayManagedOverrides ApiMapping Authorizer Deployment DomainName Integration IntegrationResponse Model
        Route RouteResponse Stage VpcLink""",
    "ApplicationAutoScaling": "ScalableTarget",
    "AutoScaling": "LaunchConfiguration LifecycleHook ScheduledAction",
    "CDK": "Metadata",
    "CloudFormation": "Macro WaitCondition WaitConditionHandle",
    "CodeDeploy": "Application DeploymentConfig DeploymentGroup",
    "Cognito": """
        IdentityPool IdentityPoolRoleAttachment UserPoolClient UserPoolDomain UserPoolGroup UserPoolIdentityProvider
        UserPoolResourceServer""",
    "DAX": "ParameterGroup SubnetGroup",
    "DocDB": "DBClusterParameterGroup DBSubnetGroup",
    "EC2": """
        CustomerGateway DHCPOptions EgressOnlyInternetGateway EIPAssociation InternetGateway KeyPair LaunchTemplate
        NetworkAcl NetworkAclEntry NetworkInterface NetworkInterfaceAttachment PlacementGroup PrefixList Route
        RouteTable SecurityGroup SecurityGroupEgress SecurityGroupIngress Subnet SubnetCidrBlock
        SubnetNetworkAclAssociation SubnetRouteTableAssociation VolumeAttachment VPC VPCCidrBlock
        VPCDHCPOptionsAssociation VPCGatewayAttachment VPCPeeringConnection VPNGateway
        VPNGatewayRoutePropagation""",
    "ECS": "CapacityProvider Cluster ClusterCapacityProviderAssociations TaskDefinition",
    "ElastiCache": "ParameterGroup SecurityGroup SecurityGroupIngress SubnetGroup",
    "ElasticLoadBalancingV2": "Listener ListenerCertificate ListenerRule TargetGroup",
    "Events": "EventBusPolicy",
    "Lambda": "CodeSigningConfig EventInvokeConfig LayerVersion LayerVersionPermission Permission Url",
    "Logs": "LogStream QueryDefinition ResourcePolicy SubscriptionFilter",
    "Neptune": "DBClusterParameterGroup DBParameterGroup DBSubnetGroup",
    "RDS": "DBClusterParameterGroup DBParameterGroup DBSecurityGroup DBSubnetGroup EventSubscription OptionGroup",
    "Redshift": """
        ClusterParameterGroup ClusterSecurityGroup ClusterSecurityGroupIngress ClusterSubnetGroup EventSubscription
        ScheduledAction""",
    "RedshiftServerless": "Namespace",
    "ResourceGroups": "Group",
    "S3": "AccessPoint BucketPolicy",
    "Serverless": "Connector LayerVersion",
    "SNS": "Subscription TopicInlinePolicy TopicPolicy",
    "SQS": "QueueInlinePolicy QueuePolicy",
    "SSM": "Document",
    "StepFunctions": "StateMachineAlias StateMachineVersion",
}
FREE_TYPES = frozenset(f"AWS::{service}::{name}" for service, names in TYPES.items() for name in names.split())


def is_free(type: str) -> bool:
    """Whether AWS charges nothing for a resource of this type in itself."""
    return type in FREE_TYPES or type.startswith(FREE_SERVICES)
