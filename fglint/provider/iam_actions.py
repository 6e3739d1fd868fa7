"""Actions of IAM that matter beyond their service, and the prefixes of services.

Sources: the Service Authorization Reference ("Actions, resources, and condition keys"), and the IAM
User Guide, "Grant permissions to pass a role"; read 2026-11.
"""

from __future__ import annotations

# Actions that give what secrets hold.
SECRET_READS = (
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "kms:Decrypt",
)

# Actions with which a principal can give itself other permissions.
ESCALATIONS = (
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
)

# Actions that run code as a role that iam:PassRole hands over.
RUNNERS = ("ecs:RegisterTaskDefinition", "lambda:CreateFunction", "ec2:RunInstances")

# Services that assume the roles of containers, or stand beside these in trust policies.
PRINCIPALS = ("ecs-tasks", "ecs", "ec2", "lambda", "events", "scheduler", "codedeploy", "pipes",
              "states", "application-autoscaling", "vpc-flow-logs")  # fmt: skip

# Prefixes of services whose actions stand in policies of containers, for likeness alone: one that
# is not here is no mistake, but one that is nearly here is.
PREFIXES = frozenset((
    "access-analyzer", "account", "acm", "acm-pca", "aoss", "apigateway", "appconfig",
    "application-autoscaling", "appmesh", "aps", "athena", "autoscaling", "backup", "batch",
    "bedrock", "ce", "chime", "cloudformation", "cloudfront", "cloudtrail", "cloudwatch",
    "codeartifact", "codebuild", "codecommit", "codedeploy", "codepipeline", "cognito-identity",
    "cognito-idp", "comprehend", "config", "connect", "databrew", "dax", "dms", "ds", "dynamodb",
    "ebs", "ec2", "ec2messages", "ecr", "ecr-public", "ecs", "eks", "elasticache",
    "elasticbeanstalk", "elasticfilesystem", "elasticloadbalancing", "elasticmapreduce", "es",
    "events", "execute-api", "firehose", "fis", "fsx", "geo", "glacier", "glue", "grafana",
    "guardduty", "health", "iam", "imagebuilder", "inspector2", "iot", "iotdata", "ivs", "kafka",
    "kafka-cluster", "kendra", "kinesis", "kinesisanalytics", "kinesisvideo", "kms",
    "lakeformation", "lambda", "lex", "logs", "machinelearning", "mediaconvert", "medialive",
    "mediapackage", "memorydb", "mobiletargeting", "mq", "neptune-db", "network-firewall", "oam",
    "opensearch", "organizations", "osis", "personalize", "pi", "pipes", "polly", "pricing",
    "quicksight", "ram", "rds", "rds-data", "rds-db", "redshift", "redshift-data",
    "redshift-serverless", "rekognition", "resource-groups", "route53", "route53resolver", "rum",
    "s3", "s3-object-lambda", "s3express", "sagemaker", "scheduler", "schemas", "sdb",
    "secretsmanager", "securityhub", "serverlessrepo", "servicecatalog", "servicediscovery",
    "servicequotas", "ses", "shield", "sms-voice", "sns", "sqs", "ssm", "ssmmessages", "sso",
    "states", "storagegateway", "sts", "support", "swf", "synthetics", "tag", "textract",
    "timestream", "transcribe", "transfer", "translate", "trustedadvisor", "vpc-lattice",
    "vpc-lattice-svcs", "waf", "waf-regional", "wafv2", "workmail", "workspaces", "xray",
))  # fmt: skip
