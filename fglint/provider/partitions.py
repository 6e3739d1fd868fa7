"""The partitions of AWS, and the names of hosts in them.

Source: the table of partitions that AWS publishes with botocore (`partitions.json`); Amazon ECR
User Guide, "Making requests over dual-stack endpoints"; read 2026-11.
"""

from __future__ import annotations

# The prefix of ARNs in a partition, and what the names of its hosts end in.
PARTITIONS: dict[str, str] = {
    "aws": "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
    "aws-us-gov": "amazonaws.com",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
    "aws-eusc": "amazonaws.eu",
}
# What the names of registries end in that have addresses of IPv6, too.
DUAL_STACK = ("on.aws", "on.amazonwebservices.com.cn", "on.amazonwebservices.eu")
