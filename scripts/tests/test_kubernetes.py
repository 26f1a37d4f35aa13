"""packaging/kubernetes/ fits Kubernetes' own schema, and the program that it starts."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import kubernetes.client.models
import yaml

from scripts.tests.test_compose import ROOT, settings

MANIFESTS = ROOT / "packaging" / "kubernetes"
SOURCES = ROOT / "audio-ident-service" / "src"
DOCKERFILE = (ROOT / "audio-ident-service" / "Dockerfile").read_text()
SHUTDOWN_TIMEOUT = r"shutdown_timeout\{(\d+)\}"  # in http/server_settings.hpp
PLAIN = {"str": str, "int": int, "bool": bool, "float": (int, float)}


def manifests():
    return [each for file in sorted(MANIFESTS.glob("*.yaml")) for each in yaml.safe_load_all(file.read_text())]


def find(kind, name="audio-ident"):
    (found,) = [each for each in manifests() if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def faults(value, kind, path):
    """What is wrong with a value of a kind of Kubernetes' API."""
    if listed := re.fullmatch(r"list\[(.*)\]", kind):
        if not isinstance(value, list):
            return [f"{path}: not a list"]
        return [fault for number, each in enumerate(value) for fault in faults(each, listed[1], f"{path}[{number}]")]
    if mapped := re.fullmatch(r"dict\(str, (.*)\)", kind):
        if not isinstance(value, dict):
            return [f"{path}: not a mapping"]
        return [fault for name, each in value.items() for fault in faults(each, mapped[1], f"{path}.{name}")]
    if kind in PLAIN:
        right = isinstance(value, PLAIN[kind]) and (kind == "bool") == isinstance(value, bool)
        return [] if right else [f"{path}: {value!r} is not of type {kind}"]
    if kind == "object":
        return [] if isinstance(value, (str, int)) else [f"{path}: neither a number nor a text"]
    return faults_of_object(value, getattr(kubernetes.client.models, kind), path)


def faults_of_object(value, model, path):
    if not isinstance(value, dict):
        return [f"{path}: not a mapping"]
    names = {model.attribute_map[own]: own for own in model.openapi_types}
    found = [f"{path}: {name} is unknown" for name in value if name not in names]
    for name, each in value.items():
        if name in names:
            found += faults(each, model.openapi_types[names[name]], f"{path}.{name}")
    try:
        model(**{names[name]: each for name, each in value.items() if name in names})
    except ValueError as error:  # something that must be there is not, or a number is out of its range
        found.append(f"{path}: {error}")
    return found


def model_of(manifest):
    """V1Deployment for apiVersion apps/v1 and kind Deployment."""
    return manifest["apiVersion"].rsplit("/", 1)[-1].capitalize() + manifest["kind"]


class Schema(unittest.TestCase):
    def test_every_manifest_fits(self):
        self.assertGreater(len(manifests()), 8)
        for manifest in manifests():
            path = f"{manifest['kind']} {manifest['metadata']['name']}"
            self.assertEqual(faults(manifest, model_of(manifest), path), [])

    def test_what_does_not_fit_is_found(self):
        deployment = find("Deployment")
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        container["readynessProbe"] = container.pop("readinessProbe")
        deployment["spec"]["replicas"] = "3"
        del deployment["spec"]["selector"]
        text = " ".join(faults(deployment, "V1Deployment", "it"))
        for fault in ("readynessProbe is unknown", "'3' is not of type int", "`selector`, must not be `None`"):
            self.assertIn(fault, text)


class Kubernetes(unittest.TestCase):
    def pod(self, kind, name="audio-ident"):
        spec = find(kind, name)["spec"]["template"]["spec"]
        return spec, spec["containers"][0]

    def test_every_setting_is_one_of_the_program(self):
        given = {*find("ConfigMap")["data"], *find("Secret")["stringData"]}
        self.assertEqual(given - settings(), set())

    def test_the_pods_use_the_settings_and_the_secrets(self):
        wanted = [{"configMapRef": {"name": "audio-ident"}}, {"secretRef": {"name": "audio-ident"}}]
        for kind, name in (("Deployment", "audio-ident"), ("Job", "migrate")):
            self.assertEqual(self.pod(kind, name)[1]["envFrom"], wanted)

    def test_the_probes_ask_the_port_of_the_image_for_what_the_service_has(self):
        routes = "".join(file.read_text() for file in (SOURCES / "api").glob("*.cpp"))
        container = self.pod("Deployment")[1]
        self.assertEqual([port["containerPort"] for port in container["ports"]], [image_port()])
        paths = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "readiness", "liveness")}
        for probe in paths.values():
            self.assertIn(f'"{probe["path"]}"', routes)
            self.assertEqual(probe["port"], container["ports"][0]["name"])
        self.assertEqual(paths["readiness"]["path"], "/health/ready")
        self.assertEqual(paths["liveness"]["path"], "/health", "a store that is away is no reason to kill the service")

    def test_a_pod_has_time_to_end(self):
        running = int(re.search(SHUTDOWN_TIMEOUT, (SOURCES / "http" / "server_settings.hpp").read_text())[1])
        delay = int(find("ConfigMap")["data"]["SHUTDOWN_DELAY_SECONDS"])
        probe = self.pod("Deployment")[1]["readinessProbe"]
        self.assertGreaterEqual(delay, probe["periodSeconds"] + 1)
        self.assertGreaterEqual(self.pod("Deployment")[0]["terminationGracePeriodSeconds"], delay + running + 10)

    def test_services_and_budgets_choose_the_pods(self):
        for kind, name, part in (("Deployment", "audio-ident", "service"), ("StatefulSet", "qdrant", "qdrant")):
            labels = {"app": "audio-ident", "part": part}
            spec = find(kind, name)["spec"]
            self.assertEqual(spec["selector"]["matchLabels"], labels)
            self.assertEqual(spec["template"]["metadata"]["labels"], labels)
            self.assertEqual(find("Service", name)["spec"]["selector"], labels)
            budget = find("PodDisruptionBudget", name)["spec"]
            self.assertEqual((budget["selector"]["matchLabels"], budget["maxUnavailable"]), (labels, 1))
            ports = {port["name"] for port in self.pod(kind, name)[1]["ports"]}
            self.assertLessEqual({port["targetPort"] for port in find("Service", name)["spec"]["ports"]}, ports)

    def test_the_ingress_leads_to_the_service(self):
        ports = {port["name"] for port in find("Service")["spec"]["ports"]}
        for name in ("audio-ident", "audio-ident-search"):
            (rule,) = find("Ingress", name)["spec"]["rules"]
            self.assertEqual(rule["host"], find("ConfigMap")["data"]["ALLOWED_HOSTS"])
            backend = rule["http"]["paths"][0]["backend"]["service"]
            self.assertEqual(backend["name"], "audio-ident")
            self.assertIn(backend["port"]["name"], ports)

    def test_the_nodes_of_qdrant_are_those_that_the_program_asks(self):
        nodes = find("StatefulSet", "qdrant")["spec"]
        urls = [f"http://qdrant-{number}.{nodes['serviceName']}:6333" for number in range(nodes["replicas"])]
        self.assertEqual(find("ConfigMap")["data"]["QDRANT_URL"].split(","), urls)

    def test_the_first_node_of_qdrant_begins_a_cluster_and_the_others_join_it(self):
        command = self.pod("StatefulSet", "qdrant")[1]["command"]
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / "qdrant"
            program.write_text('#!/bin/sh\necho "$*"\n')
            program.chmod(0o755)
            said = [
                subprocess.run(
                    command, cwd=folder, env={**os.environ, "HOSTNAME": name}, capture_output=True, text=True
                )
                for name in ("qdrant-0", "qdrant-2")
            ]
        first, other = (each.stdout.strip() for each in said)
        self.assertEqual(first, "--uri http://qdrant-0.qdrant:6335")
        self.assertEqual(other, "--uri http://qdrant-2.qdrant:6335 --bootstrap http://qdrant-0.qdrant:6335")

    def test_no_container_may_do_more_than_it_must(self):
        for kind, name in (("Deployment", "audio-ident"), ("Job", "migrate"), ("StatefulSet", "qdrant")):
            spec, container = self.pod(kind, name)
            self.assertTrue(spec["securityContext"]["runAsNonRoot"])
            wanted = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True}
            self.assertEqual(container["securityContext"], {**wanted, "capabilities": {"drop": ["ALL"]}})
            places = {mount["mountPath"] for mount in container["volumeMounts"]}
            self.assertIn("/tmp", places)

    def test_the_user_is_that_of_the_image(self):
        user = int(re.search(r"useradd .*--uid (\d+)", DOCKERFILE)[1])
        for kind, name in (("Deployment", "audio-ident"), ("Job", "migrate")):
            self.assertEqual(self.pod(kind, name)[0]["securityContext"]["runAsUser"], user)


def image_port():
    return int(re.search(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)[1])


if __name__ == "__main__":
    unittest.main()
