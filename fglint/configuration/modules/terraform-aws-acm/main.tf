# source: terraform-aws-modules/acm/aws
#
# What the module's page "Inputs" and "Outputs" determine, versions 2 to 6.

variable "version" {}
variable "create_certificate" { default = true }
variable "domain_name" { default = "" }
variable "subject_alternative_names" { default = [] }
variable "validation_method" { default = null }
variable "validate_certificate" { default = true }
variable "wait_for_validation" { default = true }
variable "create_route53_records" { default = true }
variable "zone_id" { default = "" }
variable "zones" { default = {} }
variable "private_authority_arn" { default = null }
variable "key_algorithm" { default = null }
variable "certificate_transparency_logging_preference" { default = null }
variable "open" {} # what differs between versions

locals {
  # Since version 5 there is no method by default, and any method is waited for.
  method  = var.validation_method == null ? var.version < 5 ? "DNS" : null : var.validation_method
  awaited = local.method != null && (local.method == "DNS" || var.version >= 5)
  names   = distinct([for name in concat([var.domain_name], var.subject_alternative_names) : replace(name, "*.", "")])
  checked = var.create_certificate && var.validate_certificate
}

resource "aws_acm_certificate" "this" {
  count                     = var.create_certificate ? 1 : 0
  domain_name               = var.domain_name
  subject_alternative_names = var.subject_alternative_names
  validation_method         = local.method
  key_algorithm             = var.key_algorithm
  private_key               = null
  certificate_body          = null
  certificate_authority_arn = var.private_authority_arn

  options {
    certificate_transparency_logging_preference = var.certificate_transparency_logging_preference == null ? var.version >= 3 ? "ENABLED" : var.open : var.certificate_transparency_logging_preference ? "ENABLED" : "DISABLED"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  count   = local.checked && var.create_route53_records && local.method == "DNS" ? length(local.names) : 0
  zone_id = length(var.zones) == 0 ? var.zone_id : var.open
  name    = element(tolist(aws_acm_certificate.this[0].domain_validation_options), count.index).resource_record_name
  type    = element(tolist(aws_acm_certificate.this[0].domain_validation_options), count.index).resource_record_type
  records = [element(tolist(aws_acm_certificate.this[0].domain_validation_options), count.index).resource_record_value]
}

resource "aws_acm_certificate_validation" "this" {
  count           = local.checked && var.wait_for_validation && local.awaited ? 1 : 0
  certificate_arn = aws_acm_certificate.this[0].arn
}

output "acm_certificate_arn" {
  value = try(aws_acm_certificate_validation.this[0].certificate_arn, aws_acm_certificate.this[0].arn, "")
}

output "this_acm_certificate_arn" {
  value = try(aws_acm_certificate.this[0].arn, "") # waits for the validation in later versions alone
}

output "acm_certificate_domain_validation_options" {
  value = flatten(aws_acm_certificate.this[*].domain_validation_options)
}

output "this_acm_certificate_domain_validation_options" {
  value = flatten(aws_acm_certificate.this[*].domain_validation_options)
}

output "distinct_domain_names" {
  value = local.names
}
