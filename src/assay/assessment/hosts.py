"""Where software can run that nobody manages for us, and what says which: one row for each type of resource."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assay.assessment.scripts import Trace, traces
from assay.expressions.functions.holes import HOLE, parts_of
from assay.expressions.functions.scripts import decoded
from assay.inventory.resource import Inventory, Position, Resource
from assay.inventory.values import Choice, Path, Reason, Unknown, Value

INIT = "AWS::CloudFormation::Init"
_GROUP = "AWS::EC2::SecurityGroup"
_TCP_OR_UDP = ("tcp", "udp", "6", "17")


@dataclass(frozen=True, slots=True)
class Sign:
    """A trace of software with its place. `exact`: the place is that of the trace, not of the text around it."""

    trace: Trace
    position: Position
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something that may say what runs on a host, and could not be read."""

    position: Position
    subject: str
    reason: Reason


Found: TypeAlias = Iterator[Sign | Unseen]
Finder: TypeAlias = Callable[[Resource, Inventory], Found]


@dataclass(frozen=True, slots=True)
class Host:
    """A type of resource on which software runs. `like` is the type whose service has the duties of such a host."""

    like: str
    finders: tuple[Finder, ...]

    def signs(self, resource: Resource, inventory: Inventory) -> Found:
        """Yield every sign of software on the resource, and what could not be read."""
        for finder in self.finders:
            yield from finder(resource, inventory)


def texts(value: Value) -> Iterator[str | Unknown]:
    """Yield every text that a value may be, holes as `HOLE`; an unknown of which no text is known as it is."""
    match value:
        case str():
            yield value
        case Unknown(parts=parts):
            yield HOLE.join(parts_of(value)) if any(parts) else value
        case Choice(options=options):
            for _, each in options:
                yield from texts(each)
        case _:
            return


def at(value: Value, steps: Sequence[str], path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """Yield (path, value) of everything at a path of names; "*" is any element or key."""
    if isinstance(value, Choice):
        for _, each in value.options:
            yield from at(each, steps, path)
    elif not steps:
        yield path, value
    elif isinstance(value, Mapping):
        for key in value if steps[0] == "*" else [steps[0]] if steps[0] in value else []:
            yield from at(value[key], steps[1:], (*path, key))
    elif isinstance(value, list | tuple) and steps[0] == "*":
        for index, each in enumerate(value):
            yield from at(each, steps[1:], (*path, index))
    elif isinstance(value, Unknown):
        yield path, value


def _script(plain: str, encoded: str = "") -> Finder:
    """Return the finder in scripts: the property that holds them as text, or, where it is absent, in Base64."""

    def find(resource: Resource, _: Inventory) -> Found:
        found = [*at(resource.properties, plain.split("."))]
        for path, value in found or at(resource.properties, encoded.split(".")):
            position = resource.position(path)
            for text in texts(value):
                if isinstance(text, Unknown):
                    yield Unseen(position, "a script", text.reason)
                else:
                    yield from (Sign(each, position, exact=False) for each in traces(decoded(text)))

    return find


def _named(kind: str, dotted: str) -> Finder:
    """Return the finder of images of containers or machines, by the name at a property."""
    steps = tuple(dotted.split("."))

    def find(resource: Resource, _: Inventory) -> Found:
        for path, value in at(resource.properties, steps):
            position = resource.position(path)
            for text in texts(value):
                if not isinstance(text, Unknown):
                    yield Sign(Trace(kind, text), position)
                elif kind == "image":
                    yield Unseen(position, "the image of a container", text.reason)
                elif "/" in text.reason.subject:  # the path of the public parameter that holds the image's id
                    yield Sign(Trace(kind, text.reason.subject), position)

    return find


def _ports_of_containers(dotted: str) -> Finder:
    steps = tuple(dotted.split("."))

    def find(resource: Resource, _: Inventory) -> Found:
        for path, value in at(resource.properties, steps):
            if isinstance(value, int):
                yield Sign(Trace("port", str(value)), resource.position(path))

    return find


def _ports_of_groups(*dotted: str) -> Finder:
    """Return the finder of single ports that the attached security groups open."""

    def find(resource: Resource, inventory: Inventory) -> Found:
        groups = {
            target: None
            for each in dotted
            for _, value in at(resource.properties, each.split("."))
            for target in inventory.names.find(value, _GROUP, resource.origin.position.file)
        }
        for target in groups:
            group = inventory.by_id.get(target)
            if group and group.type == _GROUP:
                yield from _open_ports(group)

    return find


def _open_ports(group: Resource) -> Found:
    for path, rule in at(group.properties, ("SecurityGroupIngress", "*")):
        if isinstance(rule, Mapping) and str(rule.get("IpProtocol")).casefold() in _TCP_OR_UDP:
            first, last = rule.get("FromPort"), rule.get("ToPort")
            if isinstance(first, int) and first == last:  # of a range nobody can say what listens within
                yield Sign(Trace("port", str(first)), group.position((*path, "FromPort")))


def _initialisation(resource: Resource, _: Inventory) -> Found:
    """Yield what cfn-init installs, starts and runs.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-init.html
    """
    init = resource.attributes.get(INIT)
    if isinstance(init, Unknown):
        yield Unseen(resource.position((INIT,)), "the metadata of cfn-init", init.reason)
    for path, trace in _declared(init):
        yield Sign(trace, resource.position((INIT, *path)))
    for path, line in _lines(init):
        yield from (Sign(each, resource.position((INIT, *path)), exact=False) for each in traces(line))


def _declared(init: Value) -> Iterator[tuple[Path, Trace]]:
    """Yield the packages and the services to run of each configuration set."""
    for manager in ("yum", "apt", "zypper"):
        for path, _ in at(init, ("*", "packages", manager, "*")):
            yield path, Trace("package", str(path[-1]), manager)
    for path, value in at(init, ("*", "services", "*", "*")):
        running = value.get("ensureRunning", value.get("enabled")) if isinstance(value, Mapping) else None
        if str(running).casefold() == "true":
            yield path, Trace("unit", str(path[-1]))


def _lines(init: Value) -> Iterator[tuple[Path, str]]:
    """Yield the commands, and the text of files that are scripts or Compose files."""
    for path, value in at(init, ("*", "commands", "*", "command")):
        yield from ((path, line) for line in _command_lines(value))
    for path, value in at(init, ("*", "files", "*", "content")):
        if str(path[-2]).endswith((".sh", ".ps1", "compose.yml", "compose.yaml")):
            yield from ((path, text) for text in texts(value) if isinstance(text, str))


def _command_lines(value: Value) -> Iterator[str]:
    if isinstance(value, list | tuple):
        yield " ".join(f'"{each}"' for each in value if isinstance(each, str))
    else:
        yield from (each for each in texts(value) if isinstance(each, str))


_INSTANCE = "AWS::EC2::Instance"
HOSTS: Mapping[str, Host] = {
    _INSTANCE: Host(
        _INSTANCE,
        (
            _named("machine image", "ImageId"),
            _script("UserDataText", "UserData"),
            _initialisation,
            _ports_of_groups("SecurityGroupIds.*", "SecurityGroups.*", "NetworkInterfaces.*.GroupSet.*"),
        ),
    ),
    "AWS::EC2::LaunchTemplate": Host(
        _INSTANCE,
        (
            _named("machine image", "LaunchTemplateData.ImageId"),
            _script("UserDataText", "LaunchTemplateData.UserData"),
            _initialisation,
            _ports_of_groups(
                "LaunchTemplateData.SecurityGroupIds.*",
                "LaunchTemplateData.SecurityGroups.*",
                "LaunchTemplateData.NetworkInterfaces.*.Groups.*",
            ),
        ),
    ),
    "AWS::AutoScaling::LaunchConfiguration": Host(
        _INSTANCE,
        (
            _named("machine image", "ImageId"),
            _script("UserDataText", "UserData"),
            _initialisation,
            _ports_of_groups("SecurityGroups.*"),
        ),
    ),
    # What an image or a document installs ends on instances.
    "AWS::ImageBuilder::Component": Host(_INSTANCE, (_script("Data"),)),
    "AWS::SSM::Document": Host(_INSTANCE, (_script("Content.mainSteps.*.inputs.runCommand.*"),)),
    "AWS::AutoScaling::AutoScalingGroup": Host(_INSTANCE, (_initialisation,)),
    "AWS::ECS::TaskDefinition": Host(
        "AWS::ECS::TaskDefinition",
        (
            _named("image", "ContainerDefinitions.*.Image"),
            _ports_of_containers("ContainerDefinitions.*.PortMappings.*.ContainerPort"),
        ),
    ),
    "AWS::Batch::JobDefinition": Host("AWS::Batch::JobDefinition", (_named("image", "ContainerProperties.Image"),)),
    "AWS::AppRunner::Service": Host(
        "AWS::AppRunner::Service",
        (_named("image", "SourceConfiguration.ImageRepository.ImageIdentifier"),),
    ),
    "AWS::Lightsail::Container": Host(
        "AWS::Lightsail::Container",
        (_named("image", "ContainerServiceDeployment.Containers.*.Image"),),
    ),
    "AWS::Lightsail::Instance": Host(
        "AWS::Lightsail::Instance",
        (_named("machine image", "BlueprintId"), _script("UserData")),
    ),
}
"""Type of resource → how software on it is found."""
