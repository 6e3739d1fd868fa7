"""The dependency graph: the edges that Terraform's order has, through everything between."""

from __future__ import annotations

from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.graph import Graph, Ways, build
from fglint.source import Files

PROJECTS = Path(__file__).parent / "fixtures" / "projects"


def graph_of(directory: Path) -> Graph:
    return build(load(directory, Files(base=directory)))


def graph_of_text(directory: Path, text: str) -> Graph:
    (directory / "main.tf").write_text(text)
    return graph_of(directory)


@pytest.fixture(scope="module")
def article() -> Graph:
    return graph_of(PROJECTS / "article")


@pytest.fixture(scope="module")
def modules() -> Graph:
    return graph_of(PROJECTS / "modules")


ARTICLE_EDGES = {
    "aws_subnet.private[0]": {
        "var.az_count",
        "aws_vpc.main",
        "data.aws_availability_zones.available",
    },
    "aws_route.internet": {"aws_vpc.main", "aws_internet_gateway.main"},
    "aws_eip.nat[1]": {"var.az_count", "aws_internet_gateway.main"},
    "aws_nat_gateway.main[0]": {
        "var.az_count",
        "aws_subnet.public[0]",
        "aws_subnet.public[1]",
        "aws_eip.nat[0]",
        "aws_eip.nat[1]",
    },
    "aws_route_table_association.private[1]": {
        "var.az_count",
        "aws_subnet.private[0]",
        "aws_subnet.private[1]",
        "aws_route_table.private[0]",
        "aws_route_table.private[1]",
    },
    "aws_alb.main": {"aws_subnet.public[0]", "aws_subnet.public[1]", "aws_security_group.lb"},
    "aws_alb_listener.front_end": {"aws_alb.main", "aws_alb_target_group.api"},
    "module.container": {
        "var.app_image",
        "var.app_port",
        "var.db_password",
        "var.region",
        "aws_ssm_parameter.session_key",
        "aws_cloudwatch_log_group.api",
    },
    "aws_iam_role.execution": {"data.aws_iam_policy_document.assume"},
    "aws_ecs_task_definition.api": {"aws_iam_role.execution", "module.container"},
    "aws_ecs_service.api": {
        "aws_ecs_cluster.main",
        "aws_ecs_task_definition.api",
        "aws_security_group.tasks",
        "aws_subnet.private[0]",
        "aws_subnet.private[1]",
        "aws_alb_target_group.api",
        "var.app_port",
    },
    "output.address": {"aws_alb.main"},
}

MODULES_EDGES = {
    "module.network.var.zones": set(),
    "module.network.aws_subnet.private[1]": {
        "module.network.var.zones",
        "module.network.aws_vpc.this",
    },
    "module.network.output.private_subnet_ids": {
        "module.network.aws_subnet.private[0]",
        "module.network.aws_subnet.private[1]",
    },
    "module.app": {"var.services", "aws_iam_role_policy_attachment.execution"},
    'module.app["api"].var.image': {"var.services"},
    'module.app["web"].var.subnet_ids': {"module.network.output.private_subnet_ids"},
    'module.app["api"].var.cluster': {"aws_ecs_cluster.main"},
    'module.app["api"].local.container': {
        'module.app["api"].var.name',
        'module.app["api"].var.image',
        'module.app["api"].var.port',
    },
    'module.app["web"].aws_ecs_task_definition.this': {
        "module.app",
        'module.app["web"].var.name',
        'module.app["web"].var.execution_role_arn',
        'module.app["web"].local.container',
    },
    'module.app["web"].aws_ecs_service.this': {
        "module.app",
        'module.app["web"].var.name',
        'module.app["web"].var.cluster',
        'module.app["web"].var.subnet_ids',
        'module.app["web"].aws_ecs_task_definition.this',
    },
    "output.services": {
        "module.app",
        'module.app["api"].output.service_name',
        'module.app["web"].output.service_name',
    },
}


@pytest.mark.parametrize("node", ARTICLE_EDGES)
def test_edges_of_the_article(article: Graph, node: str) -> None:
    assert set(article.edges[node]) == ARTICLE_EDGES[node]


@pytest.mark.parametrize("node", MODULES_EDGES)
def test_edges_through_modules(modules: Graph, node: str) -> None:
    assert set(modules.edges[node]) == MODULES_EDGES[node]


def test_a_service_that_races_its_listener_does_not_reach_it(article: Graph) -> None:
    assert not article.reaches("aws_ecs_service.api", "aws_alb_listener.front_end")
    assert article.reaches("aws_ecs_service.api", "aws_vpc.main")


def test_depends_on_of_a_module_reaches_into_it(modules: Graph) -> None:
    service = 'module.app["api"].aws_ecs_service.this'
    assert modules.reaches(service, "aws_iam_role_policy_attachment.execution")
    assert modules.reaches(service, "module.network.aws_vpc.this")


def test_depends_on_of_a_call_waits_for_all_of_another(tmp_path: Path) -> None:
    for name in ("a", "b", "b/c"):
        (tmp_path / name).mkdir()
        text = 'resource "terraform_data" "it" {}\n'
        (tmp_path / name / "main.tf").write_text(text, encoding="utf-8")
    inner = 'module "c" {\n  source = "./c"\n}\n'
    (tmp_path / "b" / "inner.tf").write_text(inner, encoding="utf-8")
    graph = graph_of_text(
        tmp_path,
        """
        module "a" {
          source     = "./a"
          depends_on = [module.b]
        }
        module "b" { source = "./b" }
        """,
    )
    assert graph.reaches("module.a.terraform_data.it", "module.b.terraform_data.it")
    assert graph.reaches("module.a.terraform_data.it", "module.b.module.c.terraform_data.it")
    assert not graph.reaches("module.b.terraform_data.it", "module.a.terraform_data.it")


def test_no_cycles_in_the_projects(article: Graph, modules: Graph) -> None:
    assert article.cycles() == []
    assert modules.cycles() == []


def test_a_cycle_by_depends_on_alone(tmp_path: Path) -> None:
    graph = graph_of_text(
        tmp_path,
        """
        resource "terraform_data" "a" { depends_on = [terraform_data.b] }
        resource "terraform_data" "b" { depends_on = [terraform_data.a] }
        resource "terraform_data" "c" { input = terraform_data.a.id }
        """,
    )
    assert graph.cycles() == [["terraform_data.a", "terraform_data.b"]]


def test_both_branches_count(tmp_path: Path) -> None:
    graph = graph_of_text(
        tmp_path,
        """
        resource "terraform_data" "a" {}
        resource "terraform_data" "b" {}
        resource "terraform_data" "c" { input = true ? terraform_data.a.id : terraform_data.b.id }
        """,
    )
    assert graph.edges["terraform_data.c"] == ("terraform_data.a", "terraform_data.b")


def test_names_that_for_and_dynamic_bind_are_no_references(tmp_path: Path) -> None:
    graph = graph_of_text(
        tmp_path,
        """
        locals { rules = [{ port = 80 }] }
        resource "aws_security_group" "a" {
          name = join(",", [for rule in local.rules : rule.port])
          dynamic "ingress" {
            for_each = local.rules
            content {
              from_port = ingress.value.port
              to_port   = ingress.value.port
              protocol  = "tcp"
            }
          }
        }
        """,
    )
    assert graph.edges["aws_security_group.a"] == ("local.rules",)


def test_networkx_has_the_same_edges(modules: Graph) -> None:
    drawn = modules.to_networkx()
    assert set(drawn.edges) == {(a, b) for a, ends in modules.edges.items() for b in ends}
    assert all("place" in data for _, data in drawn.nodes(data=True))


def test_way_between_nodes_leaves_out_its_ends(modules: Graph) -> None:
    ways = Ways(modules)
    for start, ends in modules.edges.items():
        for end in ends:
            assert () == ways.between(start, end)
            for last in modules.edges.get(end, ()):
                if last not in (start, *ends):
                    assert 1 == len(ways.between(start, last))
                    assert ways.between(start, last) == ways.between(last, start)


def test_nothing_lies_between_what_is_apart(modules: Graph) -> None:
    assert () == Ways(modules).between("aws_vpc.none", "aws_lb.none")
