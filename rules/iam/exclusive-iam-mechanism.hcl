rule "role" "exclusive-iam-mechanism" {
  summary   = "Policies are attached one by one, by resources that leave others alone."
  severity  = "low"
  default   = false
  remedy    = "Use an aws_iam_role_policy_attachment for each managed policy and an aws_iam_role_policy for each other."
  rationale = <<-EOT
    `managed_policy_arns`, `inline_policy` and `aws_iam_policy_attachment` are
    exclusive: at each apply they take away what others have attached, the last
    one in the whole account. `aws_iam_role_policies_exclusive` removes each inline
    policy that it does not list, also one that stands in the same configuration.
  EOT
  references = [
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy_attachment",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policies_exclusive",
  ]

  when = length(role.uses) > 0

  assert {
    for_each      = role.attachments
    condition     = !contains(["managed_policy_arns", "inline_policy"], each.value.mechanism)
    error_message = "${role} has policies by the deprecated argument ${each.value.mechanism}, which takes away all others."
    at            = each.value.mechanism
  }

  assert {
    for_each      = role.attachments
    condition     = each.value.mechanism != "aws_iam_policy_attachment"
    error_message = "${each.value.address} takes its policy away from every other role of the account."
    at            = each.value.mechanism
    severity      = "medium"
  }

  assert {
    for_each      = role.removed_policies
    condition     = false
    error_message = "${each.value.address} is removed again: the exclusive list of ${role}'s inline policies leaves it out."
    at            = each.value.mechanism
    severity      = "high"
    remedy        = "Add its name to policy_names."
  }

  pass "one by one" {
    source = "fglint:task-roles"
  }

  pass "an exclusive list that has them all" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policies_exclusive" "task" {
      role_name    = aws_iam_role.task.name
      policy_names = [aws_iam_role_policy.task.name]
    }
  }

  fail "managed_policy_arns" {
    source = "fglint:task-roles"

    resource "aws_iam_role" "task" {
      managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"] # fails
    }
  }

  fail "an attachment for the whole account" {
    source = "fglint:task-roles"

    resource "aws_iam_policy_attachment" "all" {
      name       = "all"
      roles      = [aws_iam_role.task.name]
      policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess" # fails
    }
  }

  fail "an exclusive list that leaves one out" {
    source = "fglint:task-roles"

    resource "aws_iam_role_policies_exclusive" "task" {
      role_name    = aws_iam_role.task.name
      policy_names = ["other"]
    }

    resource "aws_iam_role_policy" "task" {
      policy = data.aws_iam_policy_document.task.json # fails
    }
  }

  unknown "the list comes from a variable" {
    source = "fglint:task-roles"

    variable "names" { type = list(string) }

    resource "aws_iam_role_policies_exclusive" "task" {
      role_name    = aws_iam_role.task.name
      policy_names = var.names
    }
  }
}
