"""The last day of standard support of what AWS runs for its customers, and the TLS versions of its named policies.

Dated facts, not rules: AS_OF says when they were last compared with the sources. A version that AWS has not dated is
missing.
"""

import datetime
from collections.abc import Mapping

AS_OF = datetime.date(2026, 11, 24)

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest"

SOURCES: Mapping[str, str] = {
    "lambda": "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    "eks": "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
    "postgres": f"{_RDS}/PostgreSQLReleaseNotes/postgresql-release-calendar.html",
    "mysql": f"{_RDS}/UserGuide/MySQL.Concepts.VersionMgmt.html",
    "mariadb": f"{_RDS}/UserGuide/MariaDB.Concepts.VersionMgmt.html",
    "aurora-postgresql": f"{_RDS}/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html",
    "aurora-mysql": f"{_RDS}/AuroraMySQLReleaseNotes/AuroraMySQL.release-calendars.html",
    "redis": "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html",
    "tls": "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
}

# kind → version → last day. Versions are major versions as the service names them, or names of runtimes.
END_OF_SUPPORT: Mapping[str, Mapping[str, str]] = {
    "lambda": {
        "dotnet10": "2028-11-14",
        "dotnet6": "2024-12-20",
        "dotnet8": "2026-11-10",
        "dotnet9": "2026-11-10",
        "dotnetcore1.0": "2019-06-27",
        "dotnetcore2.0": "2019-05-30",
        "dotnetcore2.1": "2022-01-05",
        "dotnetcore3.1": "2023-04-03",
        "go1.x": "2024-01-08",
        "java11": "2027-06-30",
        "java17": "2027-06-30",
        "java21": "2029-06-30",
        "java25": "2029-06-30",
        "java8": "2024-01-08",
        "java8.al2": "2027-06-30",
        "nodejs": "2016-08-30",
        "nodejs10.x": "2021-07-30",
        "nodejs12.x": "2023-03-31",
        "nodejs14.x": "2023-12-04",
        "nodejs16.x": "2024-06-12",
        "nodejs18.x": "2025-09-01",
        "nodejs20.x": "2026-04-30",
        "nodejs22.x": "2027-04-30",
        "nodejs24.x": "2028-04-30",
        "nodejs4.3": "2020-03-05",
        "nodejs4.3-edge": "2020-03-05",
        "nodejs6.10": "2019-08-12",
        "nodejs8.10": "2020-03-06",
        "provided": "2024-01-08",
        "provided.al2": "2026-07-31",
        "provided.al2023": "2029-06-30",
        "python2.7": "2021-07-15",
        "python3.10": "2026-10-31",
        "python3.11": "2027-06-30",
        "python3.12": "2028-10-31",
        "python3.13": "2029-06-30",
        "python3.14": "2029-06-30",
        "python3.6": "2022-07-18",
        "python3.7": "2023-12-04",
        "python3.8": "2024-10-14",
        "python3.9": "2025-12-15",
        "ruby2.5": "2021-07-30",
        "ruby2.7": "2023-12-07",
        "ruby3.2": "2026-03-31",
        "ruby3.3": "2027-03-31",
        "ruby3.4": "2028-03-31",
        "ruby4.0": "2029-03-31",
    },
    "eks": {
        "1.28": "2024-11-26",
        "1.29": "2025-03-23",
        "1.30": "2025-07-23",
        "1.31": "2025-11-26",
        "1.32": "2026-03-23",
        "1.33": "2026-07-29",
        "1.34": "2026-12-02",
        "1.35": "2027-03-27",
    },
    "postgres": {
        "10": "2023-04-17",
        "11": "2024-02-29",
        "12": "2025-02-28",
        "13": "2026-02-28",
        "14": "2027-02-28",
        "15": "2028-02-29",
        "16": "2029-02-28",
        "17": "2030-02-28",
    },
    "mysql": {"5.6": "2022-03-01", "5.7": "2024-02-29", "8.0": "2026-07-31", "8.4": "2029-07-31"},
    "mariadb": {
        "10.3": "2023-10-23",
        "10.4": "2025-02-28",
        "10.5": "2026-02-28",
        "10.6": "2026-07-31",
        "10.11": "2028-02-29",
        "11.4": "2029-05-31",
    },
    "aurora-postgresql": {
        "10": "2023-04-17",
        "11": "2024-02-29",
        "12": "2025-02-28",
        "13": "2026-02-28",
        "14": "2027-02-28",
        "15": "2028-02-29",
        "16": "2029-02-28",
        "17": "2030-02-28",
    },
    "aurora-mysql": {"5.7": "2024-10-31", "8.0": "2028-04-30"},
    "aurora": {"5.6": "2023-02-28"},
    "redis": {"4": "2026-01-31", "5": "2026-01-31", "6": "2027-01-31"},
}

# Policies whose name does not tell the oldest version of TLS that they accept ("0" is SSL).
OLDEST_TLS: Mapping[str, str] = {
    # Elastic Load Balancing: also the default when a listener names none is ELBSecurityPolicy-2016-08.
    "ELBSecurityPolicy-2011-08": "0",
    "ELBSecurityPolicy-2014-01": "0",
    "ELBSecurityPolicy-2014-10": "1.0",
    "ELBSecurityPolicy-2015-02": "1.0",
    "ELBSecurityPolicy-2015-03": "1.0",
    "ELBSecurityPolicy-2015-05": "1.0",
    "ELBSecurityPolicy-2016-08": "1.0",
    "ELBSecurityPolicy-FS-2018-06": "1.0",
    # CloudFront
    "SSLv3": "0",
    "TLSv1": "1.0",
    "TLSv1_2016": "1.0",
}

# Policies whose name does tell it: the pattern's group is the minor version of TLS 1.
TLS_IN_NAME = (
    r"ELBSecurityPolicy-(?:TLS13|TLS|FS)-1-([0-3])(?:-.*)?",  # Elastic Load Balancing
    r"TLSv1\.([0-3])(?:_\d{4})?",  # CloudFront
    r"TLS_1_([0-3])",  # API Gateway
    r"SecurityPolicy_TLS13_1_([0-3])_.*",  # API Gateway, enhanced policies
    r"SecurityPolicy_TLS1([0-3])_(?:PFS_)?\d{4}_EDGE",  # API Gateway, edge-optimised
    r"Policy-Min-TLS-1-([0-3])-.*",  # OpenSearch
    r"TLS1_([0-3])",  # DocumentDB, IoT and others
    r"(?:TLS ?)?1\.([0-3])",  # plain versions
)
