"""What keeps clients from the container, or clear of TLS: load balancer, certificate, groups."""

from __future__ import annotations

from mutations.edits import add, drop, in_nat, mutation, put, wait, within, without

TASK = "aws_ecs_task_definition.app"
SERVICE = "aws_ecs_service.app"
HTTPS = "aws_lb_listener.https"
HTTP = "aws_lb_listener.http"
GROUP = "aws_lb_target_group.app"
BALANCER = "aws_lb.main"
CERTIFICATE = "aws_acm_certificate.main"
FORWARD = """default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
"""
LET_IN = "aws_vpc_security_group_ingress_rule.from_load_balancer"
LET_OUT = "aws_vpc_security_group_egress_rule.to_task"
VALIDATION = "aws_acm_certificate_validation.main.certificate_arn"

TLS_MUTATIONS = (
    mutation(
        "a listener that speaks HTTP",
        "listener-without-tls http-without-redirect",
        within(HTTPS, "protocol", '"HTTP"'),
        without(HTTPS, "ssl_policy"),
        without(HTTPS, "certificate_arn"),
    ),
    mutation("no certificate", "listener-without-tls", without(HTTPS, "certificate_arn")),
    mutation(
        "a listener that does not wait for its certificate",
        "unvalidated-certificate",
        put(HTTPS, VALIDATION, "aws_acm_certificate.main.arn"),
    ),
    mutation(
        "nothing that waits for the certificate",
        "unvalidated-certificate",
        put(HTTPS, VALIDATION, "aws_acm_certificate.main.arn"),
        drop("aws_acm_certificate_validation.main"),
    ),
    mutation(
        "validation by e-mail",
        "unvalidated-certificate",
        within(CERTIFICATE, "validation_method", '"EMAIL"'),
    ),
    mutation(
        "nothing that validates the certificate",
        "unvalidated-certificate",
        put(HTTPS, VALIDATION, "aws_acm_certificate.main.arn"),
        drop("aws_acm_certificate_validation.main"),
        drop("aws_route53_record.validation"),
    ),
    mutation(
        "a certificate for another name",
        "listener-without-tls",
        within(CERTIFICATE, "domain_name", '"other.example.org"'),
    ),
    mutation(
        "a certificate for the labels below the name",
        "listener-without-tls",
        within(CERTIFICATE, "domain_name", '"*.${var.domain_name}"'),
    ),
    mutation(
        "a certificate with a weak key",
        "listener-without-tls",
        within(CERTIFICATE, "key_algorithm", '"RSA_1024"'),
    ),
    mutation(
        "a certificate in the region of CloudFront",
        "listener-without-tls",
        within(CERTIFICATE, "region", '"us-east-1"'),
    ),
    mutation(
        "a certificate that cannot be replaced",
        "unreplaceable-certificate",
        without(CERTIFICATE, "lifecycle"),
    ),
    mutation(
        "a TLS policy of 2016",
        "outdated-tls-policy",
        within(HTTPS, "ssl_policy", '"ELBSecurityPolicy-2016-08"'),
    ),
    mutation("no TLS policy", "outdated-tls-policy", without(HTTPS, "ssl_policy")),
    mutation(
        "HTTP that forwards",
        "listener-without-tls http-without-redirect",
        wait(HTTP),
        without(HTTP, "default_action"),
        put(HTTP, 'protocol          = "HTTP"\n', f'protocol = "HTTP"\n  {FORWARD}'),
    ),
    mutation(
        "HTTP that redirects to itself",
        "http-without-redirect",
        put(HTTP, 'protocol    = "HTTPS"', 'protocol = "HTTP"'),
    ),
    mutation(
        "TLS on an Application Load Balancer",
        "invalid-listener-protocol",
        within(HTTPS, "protocol", '"TLS"'),
    ),
)

CHAIN_MUTATIONS = (
    mutation("no listener", "broken-load-balancer-chain", drop(HTTPS)),
    mutation(
        "a listener that answers by itself",
        "broken-load-balancer-chain",
        without(HTTPS, "default_action"),
        put(
            HTTPS,
            "port              = 443\n",
            'port = 443\n  default_action {\n    type = "fixed-response"\n    fixed_response {\n'
            '      content_type = "text/plain"\n      status_code = "404"\n    }\n  }\n',
        ),
    ),
    mutation(
        "a listener for another target group",
        "broken-load-balancer-chain",
        put(HTTPS, "aws_lb_target_group.app", "aws_lb_target_group.other"),
        add("""
            resource "aws_lb_target_group" "other" {
              name_prefix = "other-"
              target_type = "ip"
              protocol    = "HTTP"
              port        = 8080
              vpc_id      = aws_vpc.main.id
              health_check { path = "/healthz" }
              lifecycle { create_before_destroy = true }
            }
        """),
    ),
    mutation(
        "another container's name",
        "broken-load-balancer-chain",
        within(SERVICE, "container_name", '"web"'),
    ),
    mutation(
        "another port",
        "broken-load-balancer-chain blocked-load-balancer-path mismatched-target-group-port",
        within(SERVICE, "container_port", "9999"),
    ),
    mutation(
        "no port in the container",
        "broken-load-balancer-chain",
        put(TASK, "portMappings = [{", "portMappings = [for mapping in [{"),
        put(TASK, "    }]\n\n    environment", "    }] : mapping if false]\n\n    environment"),
    ),
    mutation(
        "targets of type instance", "broken-load-balancer-chain", without(GROUP, "target_type")
    ),
    mutation(
        "a UDP port behind HTTP",
        "broken-load-balancer-chain blocked-load-balancer-path",
        put(TASK, 'protocol      = "tcp"\n      appProtocol   = "http"', 'protocol = "udp"'),
    ),
    mutation(
        "no load balancer",
        "missing-load-balancer",
        without(SERVICE, "load_balancer"),
    ),
    mutation(
        "a target group in another VPC",
        "broken-load-balancer-chain mixed-vpcs",
        within(GROUP, "vpc_id", "aws_vpc.other.id"),
        add('resource "aws_vpc" "other" {\n  cidr_block = "10.99.0.0/16"\n}'),
    ),
    mutation(
        "a target group that cannot be replaced",
        "unreplaceable-target-group",
        without(GROUP, "lifecycle"),
    ),
    mutation(
        "a health check by default",
        "implicit-target-health-check",
        without(GROUP, "health_check"),
    ),
    mutation(
        "a health check longer than its interval",
        "invalid-target-group-health-check",
        put(GROUP, "timeout             = 5", "timeout = 20"),
    ),
)

GROUP_MUTATIONS = (
    mutation("no way out of the load balancer", "blocked-load-balancer-path", drop(LET_OUT)),
    mutation("no way into the tasks", "blocked-load-balancer-path", drop(LET_IN)),
    mutation(
        "a way into the tasks on another port",
        "blocked-load-balancer-path",
        within(LET_IN, "from_port", "80"),
        within(LET_IN, "to_port", "80"),
    ),
    mutation(
        "a way into the tasks for the tasks",
        "blocked-load-balancer-path",
        within(LET_IN, "referenced_security_group_id", "aws_security_group.task.id"),
    ),
    mutation(
        "a way into the tasks over UDP",
        "blocked-load-balancer-path",
        within(LET_IN, "ip_protocol", '"udp"'),
    ),
    mutation(
        "a way out of the load balancer to itself",
        "blocked-load-balancer-path",
        within(LET_OUT, "referenced_security_group_id", "aws_security_group.load_balancer.id"),
    ),
    mutation(
        "a way into the tasks for everyone",
        "blocked-load-balancer-path",
        put(
            LET_IN,
            "referenced_security_group_id = aws_security_group.load_balancer.id",
            'cidr_ipv4 = "0.0.0.0/0"',
        ),
    ),
    mutation(
        "no way in for clients",
        "blocked-load-balancer-path",
        drop("aws_vpc_security_group_ingress_rule.https"),
    ),
    mutation(
        "a health check on a closed port",
        "blocked-load-balancer-path invalid-target-group-health-check",
        put(GROUP, "health_check {", 'health_check {\n    port = "9000"'),
    ),
    mutation(
        "a way in for administrators",
        "open-load-balancer-port",
        add("""
            resource "aws_vpc_security_group_ingress_rule" "ssh" {
              security_group_id = aws_security_group.load_balancer.id
              description       = "SSH"
              cidr_ipv4         = "0.0.0.0/0"
              ip_protocol       = "tcp"
              from_port         = 22
              to_port           = 22
            }
        """),
    ),
)

BALANCER_MUTATIONS = (
    mutation(
        "a load balancer in private subnets",
        "internet-facing-lb-in-private-subnet",
        put(BALANCER, "aws_subnet.public", "aws_subnet.private"),
    ),
    mutation(
        "a load balancer in one zone",
        "alb-in-one-zone broken-load-balancer-chain",
        within(BALANCER, "subnets", '[aws_subnet.public["0"].id]'),
    ),
    mutation("no scheme", "implicit-internet-facing", without(BALANCER, "internal")),
    mutation(
        "headers that are kept",
        "invalid-headers-kept",
        within(BALANCER, "drop_invalid_header_fields", "false"),
    ),
    mutation(
        "desync that is only watched",
        "desync-monitor-only",
        within(BALANCER, "desync_mitigation_mode", '"monitor"'),
    ),
    mutation(
        "a load balancer that may be deleted",
        "unprotected-load-balancer",
        within(BALANCER, "enable_deletion_protection", "false"),
    ),
    mutation("no access logs", "missing-access-logs", without(BALANCER, "access_logs")),
    mutation("no firewall", "missing-web-acl", drop("aws_wafv2_web_acl_association.main")),
    in_nat(
        "a record that does not look at health",
        "broken-dns-alias",
        put("aws_route53_record.app", "aws_lb.main.zone_id", "data.aws_route53_zone.main.zone_id"),
    ),
)

MUTATIONS = (*TLS_MUTATIONS, *CHAIN_MUTATIONS, *GROUP_MUTATIONS, *BALANCER_MUTATIONS)
