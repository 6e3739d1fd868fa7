# source: terraform-aws-modules/acm/aws
#
# What the module's page "Inputs" and "Outputs" determine, versions 2 to 6.

variable "create_certificate" { default = true }
variable "domain_name" { default = "" }
variable "subject_alternative_names" { default = [] }
variable "validation_method" {} # DNS in most versions
variable "validate_certificate" { default = true }
variable "wait_for_validation" { default = true }
variable "key_algorithm" { default = null }
variable "certificate_transparency_logging_preference" {}

resource "aws_acm_certificate" "this" {
  count                     = var.create_certificate ? 1 : 0
  domain_name               = var.domain_name
  subject_alternative_names = var.subject_alternative_names
  validation_method         = var.validation_method
  key_algorithm             = var.key_algorithm
  private_key               = null
  certificate_body          = null
  certificate_authority_arn = null

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_acm_certificate_validation" "this" {
  count           = var.create_certificate && var.validate_certificate && var.wait_for_validation ? 1 : 0
  certificate_arn = aws_acm_certificate.this[0].arn
}

output "acm_certificate_arn" {
  value = try(aws_acm_certificate_validation.this[0].certificate_arn, aws_acm_certificate.this[0].arn, "")
}

output "this_acm_certificate_arn" {
  value = try(aws_acm_certificate_validation.this[0].certificate_arn, aws_acm_certificate.this[0].arn, "")
}

output "acm_certificate_domain_validation_options" {
  value = flatten(aws_acm_certificate.this[*].domain_validation_options)
}

output "distinct_domain_names" {
  value = distinct([for name in concat([var.domain_name], var.subject_alternative_names) : replace(name, "*.", "")])
}
