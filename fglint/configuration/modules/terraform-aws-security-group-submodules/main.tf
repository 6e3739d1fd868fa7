# source: terraform-aws-modules/security-group/aws//modules/*
#
# What the submodules' pages "Inputs" and "Outputs" determine, versions 2 to 5: each is named after
# the ports that it opens. Those whose list differs between versions are left open.

variable "create" { default = true }
variable "create_sg" { default = true }
variable "security_group_id" { default = null }
variable "vpc_id" {}
variable "description" { default = "Security Group managed by Terraform" }
variable "source" {}
variable "version" {}
variable "open" {} # what differs between versions
variable "ingress_cidr_blocks" { default = [] }
variable "ingress_ipv6_cidr_blocks" { default = [] }
variable "ingress_prefix_list_ids" { default = [] }
variable "auto_ingress_rules" { default = null }
variable "auto_ingress_with_self" { default = [{ rule = "all-all" }] }
variable "ingress_rules" { default = [] }
variable "computed_ingress_rules" { default = [] }
variable "number_of_computed_ingress_rules" { default = 0 }
variable "ingress_with_self" { default = [] }
variable "computed_ingress_with_self" { default = [] }
variable "number_of_computed_ingress_with_self" { default = 0 }
variable "ingress_with_cidr_blocks" { default = [] }
variable "computed_ingress_with_cidr_blocks" { default = [] }
variable "number_of_computed_ingress_with_cidr_blocks" { default = 0 }
variable "ingress_with_ipv6_cidr_blocks" { default = [] }
variable "computed_ingress_with_ipv6_cidr_blocks" { default = [] }
variable "number_of_computed_ingress_with_ipv6_cidr_blocks" { default = 0 }
variable "ingress_with_source_security_group_id" { default = [] }
variable "computed_ingress_with_source_security_group_id" { default = [] }
variable "number_of_computed_ingress_with_source_security_group_id" { default = 0 }
variable "ingress_with_prefix_list_ids" { default = [] }
variable "computed_ingress_with_prefix_list_ids" { default = [] }
variable "number_of_computed_ingress_with_prefix_list_ids" { default = 0 }
variable "egress_cidr_blocks" { default = ["0.0.0.0/0"] }
variable "egress_ipv6_cidr_blocks" { default = ["::/0"] }
variable "egress_prefix_list_ids" { default = [] }
variable "auto_egress_rules" { default = null }
variable "auto_egress_with_self" { default = [] }
variable "egress_rules" { default = [] }
variable "computed_egress_rules" { default = [] }
variable "number_of_computed_egress_rules" { default = 0 }
variable "egress_with_self" { default = [] }
variable "computed_egress_with_self" { default = [] }
variable "number_of_computed_egress_with_self" { default = 0 }
variable "egress_with_cidr_blocks" { default = [] }
variable "computed_egress_with_cidr_blocks" { default = [] }
variable "number_of_computed_egress_with_cidr_blocks" { default = 0 }
variable "egress_with_ipv6_cidr_blocks" { default = [] }
variable "computed_egress_with_ipv6_cidr_blocks" { default = [] }
variable "number_of_computed_egress_with_ipv6_cidr_blocks" { default = 0 }
variable "egress_with_source_security_group_id" { default = [] }
variable "computed_egress_with_source_security_group_id" { default = [] }
variable "number_of_computed_egress_with_source_security_group_id" { default = 0 }
variable "egress_with_prefix_list_ids" { default = [] }
variable "computed_egress_with_prefix_list_ids" { default = [] }
variable "number_of_computed_egress_with_prefix_list_ids" { default = 0 }

locals {
  name  = try(regex("//modules/([^/?]+)", var.source)[0], "")
  named = try(local.groups[local.name], var.open)

  groups = {
    "activemq"        = ["activemq-5671-tcp", "activemq-8883-tcp", "activemq-61614-tcp", "activemq-61617-tcp", "activemq-61619-tcp"]
    "alertmanager"    = ["alertmanager-9093-tcp", "alertmanager-9094-tcp"]
    "carbon-relay-ng" = ["carbon-line-in-tcp", "carbon-line-in-udp", "carbon-pickle-tcp", "carbon-pickle-udp", "carbon-gui-udp"]
    "cassandra"       = ["cassandra-clients-tcp", "cassandra-thrift-clients-tcp", "cassandra-jmx-tcp"]
    "dax-cluster"     = ["dax-cluster-unencrypted-tcp", "dax-cluster-encrypted-tcp"]
    "docker-swarm"    = ["docker-swarm-mngmt-tcp", "docker-swarm-node-tcp", "docker-swarm-node-udp", "docker-swarm-overlay-udp"]
    "elasticsearch"   = ["elasticsearch-rest-tcp", "elasticsearch-java-tcp"]
    "etcd"            = ["etcd-client-tcp", "etcd-peer-tcp"]
    "grafana"         = ["grafana-tcp"]
    "http-80"         = ["http-80-tcp"]
    "http-8080"       = ["http-8080-tcp"]
    "https-443"       = ["https-443-tcp"]
    "https-8443"      = ["https-8443-tcp"]
    "ipsec-4500"      = ["ipsec-4500-udp"]
    "ipsec-500"       = ["ipsec-500-udp"]
    "kibana"          = ["kibana-tcp"]
    "kubernetes-api"  = ["kubernetes-api-tcp"]
    "ldap"            = ["ldap-tcp"]
    "ldaps"           = ["ldaps-tcp"]
    "logstash"        = ["logstash-tcp"]
    "loki"            = ["loki-grafana", "loki-grafana-grpc"]
    "memcached"       = ["memcached-tcp"]
    "minio"           = ["minio-tcp"]
    "mssql"           = ["mssql-tcp", "mssql-udp", "mssql-analytics-tcp", "mssql-broker-tcp"]
    "mysql"           = ["mysql-tcp"]
    "nfs"             = ["nfs-tcp"]
    "nomad"           = ["nomad-http-tcp", "nomad-rpc-tcp", "nomad-serf-tcp", "nomad-serf-udp"]
    "ntp"             = ["ntp-udp"]
    "openvpn"         = ["openvpn-udp", "openvpn-tcp", "openvpn-https-tcp"]
    "oracle-db"       = ["oracle-db-tcp"]
    "postgresql"      = ["postgresql-tcp"]
    "promtail"        = ["promtail-http"]
    "puppet"          = ["puppet-tcp", "puppetdb-tcp"]
    "rdp"             = ["rdp-tcp", "rdp-udp"]
    "redis"           = ["redis-tcp"]
    "redshift"        = ["redshift-tcp"]
    "smtp"            = ["smtp-tcp"]
    "smtp-submission" = ["smtp-submission-587-tcp", "smtp-submission-2587-tcp"]
    "smtps"           = ["smtps-465-tcp", "smtps-2465-tcp"]
    "solr"            = ["solr-tcp"]
    "squid"           = ["squid-proxy-tcp"]
    "ssh"             = ["ssh-tcp"]
    "storm"           = ["storm-nimbus-tcp", "storm-ui-tcp", "storm-supervisor-tcp"]
    "vault"           = ["vault-tcp"]
    "wazuh"           = ["wazuh-server-agent-connection-tcp", "wazuh-server-agent-connection-udp", "wazuh-server-agent-enrollment", "wazuh-server-agent-cluster-daemon", "wazuh-server-syslog-collector-tcp", "wazuh-server-syslog-collector-udp", "wazuh-server-restful-api", "wazuh-indexer-restful-api", "wazuh-dashboard"]
    "web"             = ["http-80-tcp", "http-8080-tcp", "https-443-tcp", "web-jmx-tcp"]
    "winrm"           = ["winrm-http-tcp", "winrm-https-tcp"]
    "zabbix"          = ["zabbix-server", "zabbix-proxy", "zabbix-agent"]
    "zipkin"          = ["zipkin-admin-tcp", "zipkin-admin-query-tcp", "zipkin-admin-web-tcp", "zipkin-query-tcp", "zipkin-web-tcp"]
  }
}

module "sg" {
  source  = "terraform-aws-modules/security-group/aws"
  version = var.version

  create                                                   = var.create
  create_sg                                                = var.create_sg
  security_group_id                                        = var.security_group_id
  vpc_id                                                   = var.vpc_id
  description                                              = var.description
  ingress_cidr_blocks                                      = var.ingress_cidr_blocks
  ingress_ipv6_cidr_blocks                                 = var.ingress_ipv6_cidr_blocks
  ingress_prefix_list_ids                                  = var.ingress_prefix_list_ids
  ingress_rules                                            = distinct(concat(var.auto_ingress_rules == null ? local.named : var.auto_ingress_rules, var.ingress_rules))
  computed_ingress_rules                                   = var.computed_ingress_rules
  number_of_computed_ingress_rules                         = var.number_of_computed_ingress_rules
  ingress_with_self                                        = concat(var.auto_ingress_with_self, var.ingress_with_self)
  computed_ingress_with_self                               = var.computed_ingress_with_self
  number_of_computed_ingress_with_self                     = var.number_of_computed_ingress_with_self
  ingress_with_cidr_blocks                                 = var.ingress_with_cidr_blocks
  computed_ingress_with_cidr_blocks                        = var.computed_ingress_with_cidr_blocks
  number_of_computed_ingress_with_cidr_blocks              = var.number_of_computed_ingress_with_cidr_blocks
  ingress_with_ipv6_cidr_blocks                            = var.ingress_with_ipv6_cidr_blocks
  computed_ingress_with_ipv6_cidr_blocks                   = var.computed_ingress_with_ipv6_cidr_blocks
  number_of_computed_ingress_with_ipv6_cidr_blocks         = var.number_of_computed_ingress_with_ipv6_cidr_blocks
  ingress_with_source_security_group_id                    = var.ingress_with_source_security_group_id
  computed_ingress_with_source_security_group_id           = var.computed_ingress_with_source_security_group_id
  number_of_computed_ingress_with_source_security_group_id = var.number_of_computed_ingress_with_source_security_group_id
  ingress_with_prefix_list_ids                             = var.ingress_with_prefix_list_ids
  computed_ingress_with_prefix_list_ids                    = var.computed_ingress_with_prefix_list_ids
  number_of_computed_ingress_with_prefix_list_ids          = var.number_of_computed_ingress_with_prefix_list_ids
  egress_cidr_blocks                                       = var.egress_cidr_blocks
  egress_ipv6_cidr_blocks                                  = var.egress_ipv6_cidr_blocks
  egress_prefix_list_ids                                   = var.egress_prefix_list_ids
  egress_rules                                             = distinct(concat(var.auto_egress_rules == null ? ["all-all"] : var.auto_egress_rules, var.egress_rules))
  computed_egress_rules                                    = var.computed_egress_rules
  number_of_computed_egress_rules                          = var.number_of_computed_egress_rules
  egress_with_self                                         = concat(var.auto_egress_with_self, var.egress_with_self)
  computed_egress_with_self                                = var.computed_egress_with_self
  number_of_computed_egress_with_self                      = var.number_of_computed_egress_with_self
  egress_with_cidr_blocks                                  = var.egress_with_cidr_blocks
  computed_egress_with_cidr_blocks                         = var.computed_egress_with_cidr_blocks
  number_of_computed_egress_with_cidr_blocks               = var.number_of_computed_egress_with_cidr_blocks
  egress_with_ipv6_cidr_blocks                             = var.egress_with_ipv6_cidr_blocks
  computed_egress_with_ipv6_cidr_blocks                    = var.computed_egress_with_ipv6_cidr_blocks
  number_of_computed_egress_with_ipv6_cidr_blocks          = var.number_of_computed_egress_with_ipv6_cidr_blocks
  egress_with_source_security_group_id                     = var.egress_with_source_security_group_id
  computed_egress_with_source_security_group_id            = var.computed_egress_with_source_security_group_id
  number_of_computed_egress_with_source_security_group_id  = var.number_of_computed_egress_with_source_security_group_id
  egress_with_prefix_list_ids                              = var.egress_with_prefix_list_ids
  computed_egress_with_prefix_list_ids                     = var.computed_egress_with_prefix_list_ids
  number_of_computed_egress_with_prefix_list_ids           = var.number_of_computed_egress_with_prefix_list_ids
}

output "security_group_id" { value = module.sg.security_group_id }
output "this_security_group_id" { value = module.sg.security_group_id }
output "security_group_arn" { value = module.sg.security_group_arn }
output "security_group_vpc_id" { value = var.vpc_id }
output "this_security_group_vpc_id" { value = var.vpc_id }
