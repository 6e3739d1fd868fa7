rule "task" "malformed-container-definitions" {
  summary    = "container_definitions is a JSON list of containers, with members that ECS knows and of their types."
  severity   = "high"
  remedy     = "Write container_definitions as jsonencode([{ … }])."
  rationale  = <<-EOT
    The provider reads the text strictly by type: `"cpu": "256"` and `"value": 8080`
    are errors. A member that ECS does not have, such as `enviroment` or
    `port_mappings`, it drops without a word: the task starts, and what was meant is
    not there.
  EOT
  references = ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html"]

  assert {
    condition     = task.definitions_fault == null
    error_message = "container_definitions of ${task} cannot be registered: ${task.definitions_fault}."
    at            = task.definitions_fault

    fix {
      of      = task.definitions_fault
      enclose = true
      when    = startswith("${task.definitions_fault}", "it is one object")
      safety = "safe"
    }
  }

  assert {
    for_each      = task.definition_mistakes
    condition     = false
    error_message = "container_definitions of ${task} cannot be registered: ${each.value}."
    at            = each.value.text
    remedy        = "${each.value.remedy}"
  }

  assert {
    for_each      = task.dropped_members
    condition     = false
    error_message = "In ${task}, ${each.value}"
    at            = each.value.text
    severity      = "medium"
    remedy        = "${each.value.remedy}"
  }

  pass "a list of one" {
    source = "fglint:task"
  }

  pass "keys with a capital, and values from variables" {
    source = "fglint:task"

    variable "image" { type = string }
    variable "port" { type = number }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = <<-JSON
        [{
          "Name": "app",
          "Image": "${var.image}",
          "PortMappings": [{ "ContainerPort": ${var.port} }],
          "Environment": [{ "Name": "PORT", "Value": "${var.port}" }]
        }]
      JSON
    }
  }

  pass "members that are comments" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = <<-JSON
        [{
          "//": "The application.",
          "name": "app",
          "image": "nginx:1.27",
          "portMappings": [{ "_comment": "plain HTTP", "containerPort": 8080 }]
        }]
      JSON
    }
  }

  fail "one object" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode({ name = "app", image = "nginx:1.27" }) # fails
    }
  }

  fail "no JSON" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = "[{ name: app }]" # fails
    }
  }

  fail "strings and numbers in each other's place" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name  = "app"
        image = "nginx:1.27"
        cpu   = "256" # fails
        environment = [
          { name = "PORT", value = 8080 }, # fails
        ]
        command = "nginx -g daemon off" # fails
      }])
    }
  }

  fail "an environment as a map" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name        = "app"
        image       = "nginx:1.27"
        environment = { PORT = "8080" } # fails
      }])
    }
  }

  fail "names that ECS does not have" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name          = "app"
        image         = "nginx:1.27"
        enviroment    = [{ name = "PORT", value = "8080" }] # fails
        port_mappings = [{ containerPort = 8080 }]          # fails
      }])
    }
  }

  fail "a member of the task definition" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      network_mode = "awsvpc"
      container_definitions = jsonencode([{
        name        = "app"
        image       = "nginx:1.27"
        networkMode = "awsvpc" # fails
      }])
    }
  }

  fail "no image, a name twice, and images that are none" {
    source = "fglint:task"

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([
        { name = "app" }, # fails
        {
          name  = "app"                                # fails
          image = "https://registry.example.com/app:1" # fails
        },
        {
          name  = "my app" # fails
          image = "app:"   # fails
        },
      ])
    }
  }

  fail "a number from a variable as an environment value, and two tags" {
    source = "fglint:task"

    variable "port" {
      type     = number
      nullable = false
    }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = jsonencode([{
        name        = "app"
        image       = "registry.example.com:5000/app:1:2"    # fails
        environment = [{ name = "PORT", value = var.port }] # fails
      }])
    }
  }

  unknown "the containers come from a variable" {
    source = "fglint:task"

    variable "containers" { type = string }

    resource "aws_ecs_task_definition" "app" {
      container_definitions = var.containers
    }
  }
}
