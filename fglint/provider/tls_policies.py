"""The TLS security policies of Elastic Load Balancing, by what they let clients negotiate.

Sources: "Security policies for your Application Load Balancer" and "TLS listeners for your Network
Load Balancer" in the AWS documentation; the accepted policies of Security Hub control ELB.17. Keys:
"Prerequisites for importing ACM certificates" and "HTTPS listeners for your Application Load
Balancer". Read 2026-11.
"""

from __future__ import annotations

import re

# What a listener gets in Terraform without ssl_policy; the console's default differs.
DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"

# Key algorithms of ACM that a load balancer can use.
USABLE_KEYS = (
    "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1",
)  # fmt: skip

_CLASSES: dict[str, str] = {
    # The policies that Security Hub accepts: TLS 1.3, or 1.2 with forward secrecy and AEAD ciphers.
    "recommended": """
        TLS13-1-3-2021-06 TLS13-1-3-FIPS-2023-04 TLS13-1-2-Res-2021-06 TLS13-1-2-Res-FIPS-2023-04
        TLS13-1-2-Res-PQ-2025-09 TLS13-1-3-PQ-2025-09 TLS13-1-2-Res-FIPS-PQ-2025-09
        TLS13-1-3-FIPS-PQ-2025-09
        """,
    # TLS 1.2 and 1.3 with forward secrecy; some ciphers of TLS 1.2 are in CBC mode.
    "acceptable": """
        TLS13-1-2-2021-06 TLS13-1-2-PQ-2025-09 TLS13-1-2-FIPS-2023-04 TLS13-1-2-FIPS-PQ-2025-09
        TLS13-1-2-RFC9151-FIPS-2023-07 TLS13-1-3-RFC9151-FIPS-2023-07
        TLS13-1-2-RFC9151-INTEROP1-FIPS-2023-07 TLS13-1-2-RFC9151-INTEROP2-FIPS-2023-07
        TLS13-1-2-RFC9151-INTEROP3-FIPS-2023-07 TLS13-1-2-RFC9151-INTEROP4-FIPS-2023-07
        TLS13-1-3-RFC9151-INTEROP1-FIPS-2023-07 TLS13-1-3-RFC9151-INTEROP2-FIPS-2023-07
        TLS13-1-3-RFC9151-INTEROP3-FIPS-2023-07 TLS13-1-3-RFC9151-INTEROP4-FIPS-2023-07
        """,
    # TLS 1.2 with forward secrecy, without TLS 1.3.
    "without-1.3": "FS-1-2-Res-2020-10 FS-1-2-Res-2019-08 FS-1-2-2019-08",
    # TLS 1.2 with ciphers that have no forward secrecy.
    "weak": """
        TLS13-1-2-Ext0-2021-06 TLS13-1-2-Ext1-2021-06 TLS13-1-2-Ext2-2021-06
        TLS13-1-2-Ext0-FIPS-2023-04 TLS13-1-2-Ext1-FIPS-2023-04 TLS13-1-2-Ext2-FIPS-2023-04
        TLS13-1-2-Ext0-PQ-2025-09 TLS13-1-2-Ext1-PQ-2025-09 TLS13-1-2-Ext2-PQ-2025-09
        TLS13-1-2-Ext0-FIPS-PQ-2025-09 TLS13-1-2-Ext1-FIPS-PQ-2025-09
        TLS13-1-2-Ext2-FIPS-PQ-2025-09 TLS-1-2-2017-01 TLS-1-2-Ext-2018-06
        """,
    # TLS 1.0 or 1.1.
    "outdated": """
        2016-08 2015-05 2015-03 2015-02 2014-10 2014-01 2011-08 TLS-1-0-2015-04 TLS-1-1-2017-01
        FS-2018-06 FS-1-1-2019-08
        """,
}
_PREFIX = "ELBSecurityPolicy-"
_BY_NAME = {name: class_ for class_, names in _CLASSES.items() for name in names.split()}
_OUTDATED = re.compile(r"TLS13-1-[01]-")
_WEAK = re.compile(r"TLS13-1-2-Ext[0-2]-")
_WELL_FORMED = re.compile(
    r"(?:TLS13-1-[0-3](?:-(?:Ext[0-2]|Res|RFC9151|RFC9151-INTEROP[1-4]|CNSA2-INTEROP[1-3]|CNSA2))?"
    r"(?:-RFC9151)?(?:-FIPS)?(?:-PQ)?|TLS-1-[0-2](?:-Ext)?|FS(?:-1-[12](?:-Res)?)?)"
    r"-20\d\d-\d\d"
)


def tls_class(name: str) -> str | None:
    """What a policy allows: "recommended", "acceptable", "without-1.3", "weak" or "outdated".

    "malformed" for a name that no policy can have; None for one that may exist and is not known.
    """
    short = name.removeprefix(_PREFIX)
    if short == name:
        return "malformed"
    found = _BY_NAME.get(short)
    if found is not None:
        return found
    if not _WELL_FORMED.fullmatch(short):
        return "malformed"
    if _OUTDATED.match(short):
        return "outdated"
    return "weak" if _WEAK.match(short) else None
