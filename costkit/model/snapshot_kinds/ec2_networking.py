"""Around EC2: addresses, NAT gateways, load balancers and their targets."""

from costkit.model.snapshot import ZERO_GAPS
from costkit.model.snapshot_kinds.kind import NUMBER, TEXT, TEXTS, TIME, ItemKind, metrics

APPLICATION, NETWORK = "application", "network"
BY_BALANCER = {"LoadBalancer": "LoadBalancer"}
KINDS = (
    ItemKind(
        "elastic_ip",
        "ec2",
        "An Elastic IP address, associated or not",
        {
            "AllocationId": TEXT,
            "PublicIp": TEXT,
            "Domain": TEXT,
            "AssociationId": TEXT,
            "InstanceId": TEXT,
            "NetworkInterfaceId": TEXT,
            "PublicIpv4Pool": TEXT,
        },
    ),
    ItemKind(
        "nat_gateway",
        "ec2",
        "A NAT gateway",
        {
            "NatGatewayId": TEXT,
            "State": TEXT,
            "CreateTime": TIME,
            "DeleteTime": TIME,
            "ConnectivityType": TEXT,
            "VpcId": TEXT,
            "SubnetId": TEXT,
            "NatGatewayAddresses": [{"AllocationId": TEXT, "PublicIp": TEXT}],
        },
        metrics(
            "AWS/NATGateway",
            {"NatGatewayId": "NatGatewayId"},
            "BytesOutToDestination Sum day",
            "BytesOutToSource Sum day",
            "ActiveConnectionCount Maximum day",
        ),
    ),
    ItemKind(
        "load_balancer",
        "ec2",
        "An application, network or gateway load balancer; LoadBalancer is the last part of its ARN",
        {
            "LoadBalancerArn": TEXT,
            "LoadBalancer": TEXT,
            "LoadBalancerName": TEXT,
            "Type": TEXT,
            "Scheme": TEXT,
            "State": {"Code": TEXT},
            "CreatedTime": TIME,
            "VpcId": TEXT,
            "AvailabilityZones": [{"ZoneName": TEXT}],
        },
        (
            *(
                metric._replace(only=APPLICATION)
                for metric in metrics(
                    "AWS/ApplicationELB",
                    BY_BALANCER,
                    "RequestCount Sum day",
                    "ProcessedBytes Sum day",
                    "ConsumedLCUs Average day",
                    gaps=ZERO_GAPS,
                )
            ),
            *(
                metric._replace(only=NETWORK)
                for metric in metrics(
                    "AWS/NetworkELB",
                    BY_BALANCER,
                    "ActiveFlowCount Average day",
                    "ProcessedBytes Sum day",
                    "ConsumedLCUs Average day",
                )
            ),
        ),
    ),
    ItemKind(
        "target_group",
        "ec2",
        "What a load balancer sends to, with the number of its targets by health",
        {
            "TargetGroupArn": TEXT,
            "TargetGroupName": TEXT,
            "TargetType": TEXT,
            "VpcId": TEXT,
            "LoadBalancerArns": TEXTS,
            "HealthyTargets": NUMBER,
            "Targets": NUMBER,
        },
    ),
    ItemKind(
        "classic_load_balancer",
        "ec2",
        "A classic load balancer",
        {
            "LoadBalancerName": TEXT,
            "Scheme": TEXT,
            "CreatedTime": TIME,
            "VPCId": TEXT,
            "AvailabilityZones": TEXTS,
            "Instances": [{"InstanceId": TEXT}],
        },
    ),
)
