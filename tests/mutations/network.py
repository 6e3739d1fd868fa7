"""What cuts tasks off from what they need to start, or shows them to the internet."""

from __future__ import annotations

from mutations.edits import drop, in_endpoints, in_nat, mutation, put, unwait, within, without

TASK = "aws_ecs_task_definition.app"
SERVICE = "aws_ecs_service.app"
MANAGED = "aws_iam_role_policy_attachment.execution"
ENDPOINT = "aws_vpc_endpoint.interface"

NETWORK_MUTATIONS = (
    in_nat("no route to NAT", "missing-egress-path", drop("aws_route.nat")),
    in_nat(
        "no table for the subnets",
        "missing-egress-path unsound-vpc-endpoint",
        drop("aws_route_table_association.private"),
    ),
    in_nat(
        "NAT in a private subnet",
        "missing-egress-path unsound-nat-gateway",
        within("aws_nat_gateway.main", "for_each", "aws_subnet.private"),
    ),
    in_nat(
        "NAT without an address",
        "missing-egress-path unsound-nat-gateway",
        without("aws_nat_gateway.main", "allocation_id"),
    ),
    in_nat(
        "private NAT",
        "missing-egress-path",
        within("aws_nat_gateway.main", "connectivity_type", '"private"'),
        without("aws_nat_gateway.main", "allocation_id"),
    ),
    in_nat(
        "private NAT with an address",
        "missing-egress-path unsound-nat-gateway",
        within("aws_nat_gateway.main", "connectivity_type", '"private"'),
    ),
    in_nat(
        "a private route to the internet gateway",
        "task-in-public-subnet default-vpc",
        put(
            "aws_route.nat",
            "nat_gateway_id         = aws_nat_gateway.main[each.key].id",
            "gateway_id = aws_internet_gateway.main.id",
        ),
    ),
    in_nat(
        "no route from NAT to the internet",
        "missing-egress-path unsound-nat-gateway internet-facing-lb-in-private-subnet default-vpc",
        drop("aws_route.internet"),
    ),
    in_nat(
        "one NAT gateway for all zones",
        "shared-nat-gateway",
        put("aws_route.nat", "aws_nat_gateway.main[each.key].id", 'aws_nat_gateway.main["0"].id'),
    ),
    in_nat("no endpoint for S3", "missing-s3-gateway-endpoint", drop("aws_vpc_endpoint.s3")),
    in_nat(
        "no way out for the tasks",
        "blocked-task-egress",
        drop("aws_vpc_security_group_egress_rule.task_https"),
    ),
    in_nat(
        "a way out on another port",
        "blocked-task-egress",
        within("aws_vpc_security_group_egress_rule.task_https", "to_port", "442"),
        within("aws_vpc_security_group_egress_rule.task_https", "from_port", "442"),
    ),
    mutation(
        "tasks in public subnets",
        "task-in-public-subnet",
        put(SERVICE, "aws_subnet.private", "aws_subnet.public"),
    ),
    mutation(
        "public addresses", "task-in-public-subnet", within(SERVICE, "assign_public_ip", "true")
    ),
    mutation(
        "tasks in one zone",
        "single-availability-zone",
        within(SERVICE, "subnets", '[aws_subnet.private["0"].id]'),
    ),
    mutation(
        "no security group for the tasks",
        "missing-network-configuration default-security-group blocked-load-balancer-path "
        "blocked-task-egress",
        without(SERVICE, "security_groups"),
        stacks=("nat",),
    ),
    *(
        in_endpoints(
            f"no endpoint {name}",
            "missing-egress-path",
            put("locals.interface_endpoints", f'"{name}"', f'"{other}"'),
        )
        for name, other in (
            ("ecr.api", "sqs"),
            ("ecr.dkr", "sqs"),
            ("logs", "sqs"),
            ("secretsmanager", "ssm"),
        )
    ),
    in_endpoints(
        "the endpoint of S3 in other tables",
        "missing-egress-path unsound-vpc-endpoint",
        within("aws_vpc_endpoint.s3", "route_table_ids", "[aws_route_table.public.id]"),
    ),
    in_endpoints(
        "endpoints without private DNS",
        "missing-egress-path unsound-vpc-endpoint",
        within(ENDPOINT, "private_dns_enabled", "false"),
    ),
    in_endpoints(
        "endpoints of no type",
        "missing-egress-path unsound-vpc-endpoint",
        without(ENDPOINT, "vpc_endpoint_type"),
    ),
    in_endpoints(
        "endpoints that let nobody in",
        "missing-egress-path unsound-vpc-endpoint",
        drop("aws_vpc_security_group_ingress_rule.endpoint_from_task"),
    ),
    in_endpoints(
        "endpoints that let the tasks in on another port",
        "missing-egress-path unsound-vpc-endpoint",
        within("aws_vpc_security_group_ingress_rule.endpoint_from_task", "from_port", "80"),
        within("aws_vpc_security_group_ingress_rule.endpoint_from_task", "to_port", "80"),
    ),
    in_endpoints(
        "endpoints that let the load balancer in",
        "missing-egress-path unsound-vpc-endpoint",
        put(
            "aws_vpc_security_group_ingress_rule.endpoint_from_task",
            "aws_security_group.task.id",
            "aws_security_group.load_balancer.id",
        ),
    ),
    in_endpoints(
        "a VPC without host names",
        "missing-egress-path vpc-dns-off-for-endpoints",
        within("aws_vpc.main", "enable_dns_hostnames", "false"),
    ),
    in_endpoints(
        "a VPC without a resolver",
        "missing-egress-path vpc-dns-off-for-endpoints",
        within("aws_vpc.main", "enable_dns_support", "false"),
    ),
    in_endpoints(
        "no way from the tasks to the endpoints",
        "blocked-task-egress",
        drop("aws_vpc_security_group_egress_rule.task_to_endpoint"),
    ),
    in_endpoints(
        "no way from the tasks to S3",
        "blocked-task-egress",
        drop("aws_vpc_security_group_egress_rule.task_to_s3"),
    ),
    in_endpoints(
        "an image of a public registry",
        "missing-egress-path",
        put(
            TASK,
            '"${aws_ecr_repository.app.repository_url}:${var.app_version}"',
            '"public.ecr.aws/nginx/nginx:1.27"',
        ),
    ),
)

ORDER_MUTATIONS = (
    mutation(
        "a service that does not wait for its listener",
        "service-races-listener",
        unwait("aws_lb_listener.https"),
    ),
    mutation(
        "a service that does not wait for its role",
        "service-races-role-policy",
        unwait(MANAGED),
        unwait("aws_iam_role_policy.secrets"),
    ),
)

MUTATIONS = (*NETWORK_MUTATIONS, *ORDER_MUTATIONS)
