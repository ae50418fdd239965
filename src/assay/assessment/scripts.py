"""What a start script installs, starts and runs: command lines as they stand, without guessing at what they do.

Read are shell, PowerShell and cloud-config as far as one line is one command. A comment, a word that is only printed
and the text of a file that is written (but for scripts and Compose files) are no evidence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A quotation that nobody closes goes to the end of the line: so nothing is tried twice, however long the line.
_TOKEN = re.compile(
    r"\"(?P<double>(?:[^\"\\]|\\.?)*)(?:\"|$)"
    r"|'(?P<single>[^']*)(?:'|$)"
    r"|(?P<operator>&&|\|\||[;|&()`])"
    r"|(?P<word>[^\s\"'();|&`]+)"
)
_HERE = re.compile(r"(?<!<)<<(?!<)-?\s*[\"']?(?P<end>\w{1,60})[\"']?")
_CLOUD_PACKAGES = re.compile(r"^packages:[ \t]*\n(?P<names>(?:[ \t]*-[^\n]*(?:\n|$))+)", re.MULTILINE)
_CLOUD_PACKAGE = re.compile(r"^[ \t]*-[ \t\[\"']*([\w.+:-]+)", re.MULTILINE)
_SCRIPT_FILE = re.compile(r"\.(sh|bash|ps1)\b")
_NOTHING = frozenset({"-", "!", "{", "[", "then", "do", "else", "if", "while", "until", "exec", "nohup", "time", "env"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=\S*")

_MANAGERS = {
    **dict.fromkeys(("apt", "apt-get", "aptitude"), "apt"),
    **dict.fromkeys(("yum", "dnf", "microdnf", "amazon-linux-extras"), "yum"),
    **{each: each for each in ("apk", "zypper", "choco")},
}
_INSTALLS = frozenset({"install", "add", "in", "localinstall", "reinstall"})
_STARTS = frozenset({"start", "enable", "restart", "reload-or-restart", "on"})
_ENGINES = frozenset({"docker", "podman", "nerdctl", "finch"})
# Options of `docker run` that stand alone; of every other, the next word is its value.
_ALONE = re.compile(r"-[ditqP]+|--(detach|rm|init|privileged|interactive|tty|read-only|publish-all|quiet)")
_SHELLS = frozenset({"bash", "sh", "zsh", "dash"})


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that a host is told to have.

    kind     package, unit (a system service), image (of a container) or command.
    text     The name as it stands; of a command all its words, options left out.
    manager  Of a package: apt, yum, apk, zypper or choco; "" when it is not known.
    """

    kind: str
    text: str
    manager: str = ""


def traces(script: str, depth: int = 0) -> Iterator[Trace]:
    """Yield what a script installs, starts and runs, in its order."""
    if found := _CLOUD_PACKAGES.search(script) if script.startswith("#cloud-config") else None:
        yield from (Trace("package", each) for each in _CLOUD_PACKAGE.findall(found["names"]))
    for line, written in _lines(script):
        for words in _commands(line):
            if written:
                yield from _images_in(words)
            else:
                yield from _of_command(words, depth)


def _lines(script: str) -> Iterator[tuple[str, bool]]:
    """Yield each line with those it goes on in, and whether it is text of a file that the script writes."""
    end, whole = "", ""
    written = False
    lines = script.splitlines()
    last = {line.strip(): number for number, line in enumerate(lines)}
    for number, line in enumerate(lines):
        if end:
            if line.strip() == end:
                end = ""
            else:
                yield line, written
            continue
        whole += line
        if whole.endswith(("\\", " `")):
            whole = whole[:-1] + " "
            continue
        here = _HERE.search(whole)
        if here and last.get(here["end"], 0) > number:  # else a shift of bits, or no end to wait for
            end, written = here["end"], not _SCRIPT_FILE.search(whole)
        yield whole, False
        whole = ""
    if whole:
        yield whole, False


def _commands(line: str) -> Iterator[list[str]]:
    """Yield the commands of a line as words; a comment ends it."""
    if line.lstrip().startswith("- ["):  # a command of cloud-config as a list
        line = re.sub(r"[\[\],]", " ", line)
    words: list[str] = []
    for found in _TOKEN.finditer(line):
        word = found["word"]
        if word and word.startswith("#"):
            break
        if found["operator"]:
            yield from _started(words)
            words = []
        else:
            words.append(next(each for each in (found["double"], found["single"], word) if each is not None))
    yield from _started(words)


def _started(words: list[str]) -> Iterator[list[str]]:
    """Yield the command without what stands before its program."""
    while words:
        if words[0] in _NOTHING or _ASSIGNMENT.fullmatch(words[0]):
            words = words[1:]
        elif words[0] == "sudo":
            words = words[1:]
            while words and words[0].startswith("-"):
                words = words[2:] if words[0] in ("-u", "-g") else words[1:]
        else:
            yield words
            return


def _of_command(words: Sequence[str], depth: int) -> Iterator[Trace]:
    program = words[0].replace("\\", "/").rsplit("/", 1)[-1].casefold()
    rest = words[1:]
    if program in _MANAGERS:
        yield from _packages(_MANAGERS[program], rest)
    elif program == "systemctl":
        yield from _units(rest)
    elif program in ("service", "rc-service", "chkconfig"):
        yield from (Trace("unit", rest[0]) for _ in rest[:1] if _STARTS & {*rest[1:]})
    elif program in ("start-service", "net"):
        yield from (Trace("unit", each) for each in rest if not each.startswith("-") and each.casefold() != "start")
    elif program in _ENGINES:
        yield from _run_image(rest)
    elif program in _SHELLS and "-c" in rest[:-1] and depth < 3:
        yield from traces(rest[rest.index("-c") + 1], depth + 1)
    yield from _images_in(words)
    plain = [part for each in rest if not each.startswith("-") for part in each.split(",") if part]
    yield Trace("command", " ".join([program, *plain]))


def _packages(manager: str, rest: Sequence[str]) -> Iterator[Trace]:
    verb = next((index for index, each in enumerate(rest) if each in _INSTALLS), None)
    if verb is not None:
        yield from (Trace("package", each, manager) for each in rest[verb + 1 :] if not each.startswith("-"))


def _units(rest: Sequence[str]) -> Iterator[Trace]:
    plain = [each for each in rest if not each.startswith("-")]
    if plain and plain[0] in _STARTS:
        yield from (Trace("unit", each.removesuffix(".service")) for each in plain[1:])


def _run_image(rest: Sequence[str]) -> Iterator[Trace]:
    """Yield the image of `docker run`: the first word that is neither an option nor the value of one."""
    words = list(rest[1:] if rest[:1] == ["container"] else rest)
    if not words or words[0] not in ("run", "create", "pull"):
        return
    words = words[1:]
    while words and words[0].startswith("-"):
        words = words[1:] if "=" in words[0] or _ALONE.fullmatch(words[0]) else words[2:]
    yield from (Trace("image", each) for each in words[:1])


def _images_in(words: Sequence[str]) -> Iterator[Trace]:
    """Yield the image of a line of a Compose file or a manifest: `image: postgres:16`."""
    if len(words) == 2 and words[0] == "image:":
        yield Trace("image", words[1])
