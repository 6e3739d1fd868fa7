rule "service" "missing-cluster" {
  summary    = "A service names the cluster that it belongs to."
  severity   = "medium"
  remedy     = "Set cluster = aws_ecs_cluster.NAME.id."
  rationale  = <<-EOT
    A service without cluster goes to the one called "default". Where the root
    makes a cluster of its own that is not what is meant, and accounts rarely
    have a cluster of that name: making the service fails with
    ClusterNotFoundException.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html#ECS-CreateService-request-cluster"]

  when = contains(["service", "task_set"], service.form)

  assert {
    condition = anytrue([
      service.cluster != null,
      length(service.clusters_at_hand) == 0,
      contains(service.clusters_at_hand[*].name, "default"),
    ])
    error_message = "${service} names no cluster, so it goes to the one called \"default\"; this configuration has ${join(", ", service.clusters_at_hand[*].address)}."

    fix {
      set    = { cluster = service.clusters_at_hand[0] }
      when   = length(service.clusters_at_hand) == 1
      safety = "safe"
    }
  }

  pass "the cluster is named" {
    source = "fglint:private-service"
  }

  pass "the cluster lies outside" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "shared"
      launch_type     = "FARGATE"
      task_definition = "app:1"
    }
  }

  pass "no cluster is made here" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"
    }
  }

  pass "the cluster is called default" {
    resource "aws_ecs_cluster" "main" { name = "default" }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"
    }
  }

  fail "a cluster is made and not named" {
    resource "aws_ecs_cluster" "main" { name = "main" }

    resource "aws_ecs_service" "app" { # fails
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"
    }
  }

  unknown "the cluster has the caller's name" {
    variable "name" { type = string }

    resource "aws_ecs_cluster" "main" { name = var.name }

    resource "aws_ecs_service" "app" {
      name            = "app"
      launch_type     = "FARGATE"
      task_definition = "app:1"
    }
  }

  not_applicable "Express Mode makes the default cluster" {
    resource "aws_ecs_cluster" "main" { name = "main" }

    resource "aws_ecs_express_gateway_service" "app" {
      execution_role_arn      = "arn:aws:iam::123456789012:role/execution"
      infrastructure_role_arn = "arn:aws:iam::123456789012:role/infrastructure"

      primary_container {
        image = "nginx:1.27"
      }
    }
  }
}
