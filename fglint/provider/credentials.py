"""What credentials look like as text: formats of tokens and keys, placeholders, references.

Source: the issuers' own documentation of their tokens; read 2026-11. HOLE stands for what is not
known in a text; what is said of a text with holes holds whatever stands in them.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter

from fglint.provider.secrets import canonical, names_no_secret, secret_name

HOLE = "\ue000"

# ---- formats ----------------------------------------------------------------------------------

_END = rf"(?![A-Z0-9{HOLE}])"
_FORMATS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("an AWS access key ID", rf"(?<![A-Z0-9{HOLE}])(?:AKIA|ASIA)[0-9A-Z]{{16}}{_END}"),
        ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
        ("a GitHub token", r"gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}"),
        ("a GitLab token", r"glpat-[\w-]{20,}"),
        ("a Slack token", r"xox[abprs]-[\w-]{10,}"),
        ("a Slack webhook", r"https://hooks\.slack\.com/services/(?!.*XXX)\w+"),
        ("a Stripe key", r"(?:sk|rk)_live_[A-Za-z0-9]{16,}"),
        ("an API key", rf"(?<![\w{HOLE}-])sk-(?:proj-|ant-)?[\w-]{{20,}}"),
        ("a SendGrid key", r"SG\.[\w-]{22}\.[\w-]{43}"),
        ("a Google API key", r"AIza[\w-]{35}|ya29\.[\w-]{10,}"),
        ("a JSON Web Token", r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+"),
        ("an npm token", r"npm_[A-Za-z0-9]{36}"),
        ("a PyPI token", r"pypi-AgEI[\w-]{50,}"),
        ("a DigitalOcean token", r"dop_v1_[a-f0-9]{64}"),
        ("a Twilio key", rf"(?<![\w{HOLE}])SK[0-9a-f]{{32}}(?![\w{HOLE}])"),
        ("a Mailgun key", rf"(?<![\w{HOLE}])key-[0-9a-f]{{32}}(?![\w{HOLE}])"),
        ("a Vault token", r"hvs\.[\w-]{24,}"),
        ("a storage account key", r"AccountKey=[A-Za-z0-9+/=]{60,}"),
        ("an HTTP credential", r"\bBearer (?=[^\s\ue000]*\d)[^\s\ue000$<{\"'][^\s\ue000]{15,}"),
        ("a password hash", r"\$2[aby]\$\d\d\$"),
    )
)
_BASIC = re.compile(r"\bBasic ([A-Za-z0-9+/]{12,}={0,2})")
_ARMOUR = re.compile(r"LS0tLS1CRUdJTi[A-Za-z0-9+/]+")  # the Base64 of "-----BEGIN "
_URL = re.compile(r"(?<![\w+.-])[a-z][a-z0-9+.-]*://[^/\s:@\"']*:([^@/\s\"']+)@", re.IGNORECASE)
_CONNECTION = re.compile(r"(?:^|[;?&\s\"'])(?:password|pwd)=([^;&\s\"']+)", re.IGNORECASE)
_FLAG = re.compile(
    r"(?:^|(?<=[\s\"'(]))--?(?:password|token|secret|api-?key)[= ]+([^\s\"']+|\"[^\"]*\"|'[^']*')",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(r"(?:^|(?<=[\s\"';]))(?:-D|-e |--env[= ])?([A-Za-z_][\w.]*)=([^\s\"';&|]+)")
_MYSQL = re.compile(r"\bmysql\w*\s(?:.*?\s)?-p([^\s\ue000]+)")


def text_format(text: str, *, command: bool = False) -> str | None:
    """What kind of credential a text is or holds, in words; None when it is none."""
    found = url_password(text)
    if found is not None:
        return found
    for kind, pattern in _FORMATS:
        match = pattern.search(text)
        if match is not None and not _is_words(match[0]):
            return kind
    if any(_is_given(match[1]) for match in _CONNECTION.finditer(text)):
        return "a password in a connection string"
    if any(_decodes_to(match[1], b":") for match in _BASIC.finditer(text)):
        return "an HTTP credential"
    if any(_decodes_to(match[0], b"PRIVATE KEY") for match in _ARMOUR.finditer(text)):
        return "a private key"
    return "a credential in a command" if command and _in_command(text) else None


def url_password(text: str) -> str | None:
    """What a URL with a known password holds, in words; None where there is none."""
    given = any(_is_given(match[1]) for match in _URL.finditer(text))
    return "a password in a URL" if given else None


def unknown_url_password(text: str) -> str | None:
    """What a URL with a password that is not known holds, in words; None where there is none."""
    if any(HOLE in match[1] for match in _URL.finditer(text)):
        return "a password in a URL"
    if "://" in text and any(HOLE in match[1] for match in _CONNECTION.finditer(text)):
        return "a password in a connection string"
    return None


def _in_command(text: str) -> bool:
    """Whether a command line gives a credential as a flag or sets it for its program."""
    given = [match[1] for match in _FLAG.finditer(text)]
    given += [m[1] for m in _MYSQL.finditer(text)]
    given += [m[2] for m in _ASSIGNED.finditer(text) if secret_name(m[1].rpartition(".")[2])]
    return any(_is_given(value) and not is_reference(value.strip("\"'")) for value in given)


def _is_given(text: str) -> bool:
    """Whether a text stands for itself: it is no variable, switch or placeholder."""
    text = text.strip("\"'")
    if not text or HOLE in text or text[0] in "$`<{%*-" or text.lower() in _SWITCHES:
        return False
    return not is_placeholder(text)


def _is_words(text: str) -> bool:
    """Whether a text is words joined by hyphens, as names are and random tokens never."""
    return all(re.fullmatch(r"[a-z]{1,14}|v?\d{1,4}", word) for word in text.split("-"))


def _decodes_to(text: str, wanted: bytes) -> bool:
    whole = text[: len(text) - len(text) % 4]
    try:
        decoded = base64.b64decode(whole, validate=True)
    except (binascii.Error, ValueError):
        return False
    return wanted in decoded and all(byte in b"\t\r\n" or 32 <= byte < 127 for byte in decoded)


_SECRET_KEY = re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")


def is_secret_access_key(text: str) -> bool:
    """Whether a text has the form of an AWS secret access key, which alone proves nothing."""
    match = _SECRET_KEY.fullmatch(text)
    return match is not None and not _DIGEST.match(text)


# ---- classes of values ------------------------------------------------------------------------


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PLACEHOLDER = re.compile(
    r"(?i)^(?:<.*>|\$\{.*\}|\$\w+|%\(?\w+\)?s?%?|\{\{.*\}\}|\[.*\]|change[_ -]?(?:me|it|this).*|"
    r"(?:todo|tbd|fixme)\b.*|x{3,}|\*{3,}|\.{3,}|replace.*|dummy.*|example.*|your[_ -].*|"
    r".*placeholder.*|(?:set|fill|update)[_ -]?me.*|to[_ -]be[_ -].*|insert[_ -].*|redacted)$"
)
_SWITCHES = frozenset(
    _words(
        "true false yes no on off y n enabled disabled enable disable none null nil undefined "
        "n/a - default auto required optional always never bearer basic"
    )
)
_DEFAULTS = frozenset(_words("password postgres admin root changeme secret test guest"))
_REFERENCE = re.compile(
    r"^(?:arn:.*|(?:sg|vpc|subnet|i|eni|ami|vpce|fs|acl|rtb)-[0-9a-f]{8,}|\{\{resolve:.*\}\}|"
    r"[a-z][a-z0-9+.:-]*://[^\s@]*|\d{1,9}(?:\.\d+)?|"
    r"\d+ ?(?:ms|s|m|h|d|w|sec|min|seconds|minutes|hours|days|[kmg]i?b)|PT?\d+[DHMS]|"
    r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?|\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d+)?|"
    r"localhost(?::\d+)?|[a-z][a-z0-9-]*:\d{2,5}|[a-z_]\w*(?:\.[a-z_]\w*){2,}|"
    r"\d{12}\.dkr\.ecr\..*)$",
    re.IGNORECASE,
)
_PATH = re.compile(r"^(?:~|\.{1,2})?/[\w.@%{}*-]*(?:/[\w.@%{}*-]*)*$")
_NAMES = re.compile(r"^[a-z0-9_.-]{1,31}(?:/[a-z0-9_.-]{1,31})+$")  # prod/db/password


def is_empty(text: str) -> bool:
    """Whether a text says nothing."""
    return not text.strip()


def is_placeholder(text: str) -> bool:
    """Whether a text only stands for a value to come."""
    return bool(_PLACEHOLDER.match(text)) and not is_default_password(text)


def is_default_password(text: str) -> bool:
    """Whether a text is a password that products ship with."""
    return text.lower() in _DEFAULTS


def is_reference(text: str) -> bool:
    """Whether a text names something, or is a switch or a number: no secret whatever its name."""
    if is_empty(text) or text.lower() in _SWITCHES or _REFERENCE.match(text) or _NAMES.match(text):
        return True
    return bool(_PATH.match(text)) and not any(map(_is_mixed, text.split("/")))


def is_number(text: str) -> bool:
    """Whether a text is a number of few digits."""
    return bool(re.fullmatch(r"\d{1,9}", text))


def _is_mixed(segment: str) -> bool:
    """Whether a part of a path has the letters of a key: no path is written so."""
    if len(segment) < 16:
        return False
    return bool(re.search(r"\d", segment)) and segment.lower() != segment.upper() != segment


# ---- entropy ----------------------------------------------------------------------------------

_UUID = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_DIGEST = re.compile(r"^(?:sha256:)?[0-9a-f]{40,64}$")
_BASE64 = re.compile(r"^[A-Za-z0-9+/=_-]{20,}$")
_HEX = re.compile(r"^[0-9a-fA-F]{32,}$")
_POOL = re.compile(r"^[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]{9}$")
_CLIENT = re.compile(r"^[a-z0-9]{26}$")
# Words of names that hold random text which is no secret: revisions, digests, certificates.
_RANDOM_WORDS = frozenset(
    _words(
        "SHA SHA1 SHA256 COMMIT REVISION VERSION BUILD DIGEST TAG HASH CHECKSUM ETAG MD5 "
        "FINGERPRINT THUMBPRINT CERT CERTIFICATE CA PUBLISHABLE SITE TRACE RELEASE IMAGE"
    )
)
_PUBLIC_TEXTS = (
    "arn:",
    "sha256:",
    "ssh-",
    "pk_",
    "MII",
    "LS0tLS1CRUdJTi",
    "AAAAB3Nza",
    "AAAAC3Nza",
)


def looks_random(name: str, text: str) -> bool:
    """Whether a text under a neutral name has the entropy of a key."""
    if _UUID.match(text) or _POOL.match(text) or text.startswith(_PUBLIC_TEXTS):
        return False
    if names_no_secret(name) or not _RANDOM_WORDS.isdisjoint(canonical(name).split("_")):
        return False
    if is_reference(text) or is_placeholder(text):
        return False
    if _HEX.match(text):
        return entropy(text) >= 3.0
    if not _BASE64.match(text) or not _has_all_kinds(text):
        return False
    return entropy(text) >= 4.5


def _has_all_kinds(text: str) -> bool:
    """Whether a text has digits, small letters and capitals: words joined together rarely do."""
    return all(any(map(kind, text)) for kind in (str.isdigit, str.islower, str.isupper))


def entropy(text: str) -> float:
    """Shannon's entropy of a text, in bits a character."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
