"""The installed program: it runs from wherever its folder is moved to, and nothing in it knows where it was built."""

import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile

from support import check

MODEL = "share/spritekiln/models/dawnlike16.safetensors"


def installed(build, folder):
    """The prefix, moved away after the installation."""
    first = os.path.join(folder, "first")
    done = subprocess.run(["cmake", "--install", build, "--prefix", first, "--strip"], capture_output=True, text=True)
    check(done.returncode == 0, f"the installation ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    prefix = os.path.join(folder, "moved")
    os.rename(first, prefix)
    return prefix


def files_under(folder):
    return [os.path.join(path, name) for path, _, names in os.walk(folder) for name in names]


def contents(path):
    with open(path, "rb") as file:
        return file.read()


class Installed:
    def __init__(self, prefix, folder):
        self.prefix = prefix
        kept = {key: value for key, value in os.environ.items() if not key.startswith("SPRITEKILN_")}
        self.environment = dict(kept, HOME=folder, SPRITEKILN_HOME=os.path.join(folder, "home"), OMP_NUM_THREADS="1")

    def path(self, name):
        return os.path.join(self.prefix, name)

    def run(self, *arguments, expect=0, **environment):
        done = subprocess.run([self.path("bin/spritekiln"), *arguments], env=dict(self.environment, **environment), cwd=self.prefix,
                              capture_output=True, text=True)
        check(done.returncode == expect, f"spritekiln {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr


def no_trace_of(source, prefix):
    for path in files_under(prefix):
        check(not os.path.islink(path), f"{path} is a file of its own")
        data = contents(path)
        data = gzip.decompress(data) if path.endswith(".gz") else data
        check(source.encode() not in data, f"{path} does not name {source}, where it was built")


def runs(program, version):
    check(program.run("--version") == f"spritekiln {version}\n", "it tells its version")
    check("sample" in program.run("--help"), "it tells its commands")
    check("sampel" in program.run("sampel", expect=2), "what is neither a command nor a file is named")
    program.run("sample", "--model", MODEL, "--count", "1", "--steps", "2", "--threads", "1", "--out", "sprite.png")
    check(contents(program.path("sprite.png")).startswith(b"\x89PNG"), "it makes a sprite")
    tools = os.path.join(program.environment["HOME"], "tools")
    os.mkdir(tools)
    os.symlink("/bin/false", os.path.join(tools, "apt-config"))
    said = program.run("dataset", "dungeon32", program.path("tiles"), expect=1, PATH=tools + ":" + os.environ["PATH"])
    check("has no apt" in said, f"its resources are found: what is missing is apt, which is hidden: {said}")


def completed(program, *words):
    script = ('. "$1"; shift; compopt() { :; }; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _spritekiln; printf "%s\\n" "${COMPREPLY[@]}"')
    completion = program.path("share/bash-completion/completions/spritekiln")
    done = subprocess.run(["bash", "-c", script, "bash", completion, "spritekiln", *words], cwd=program.prefix, capture_output=True, text=True)
    check(done.returncode == 0 and done.stderr == "", f"bash takes the completion: {done.stderr}")
    return done.stdout.split()


def completion(program):
    check(completed(program, "sa") == ["sample"], "commands are completed")
    check(completed(program, "dataset", "con") == ["convert"], "commands of commands too")
    check(completed(program, "sample", "--prec") == ["--precision"], "and flags")
    check(completed(program, "sample", "--precision", "") == ["auto", "fp32", "bf16"], "a value with choices offers them")
    check("ddim" in completed(program, "sample", "--sampler", "dd"), "the engine's as well")
    check(completed(program, "sample", "--model", MODEL[:-11]) == [MODEL], "a model is a file that may hold one")
    check(completed(program, "sample", "--model", "sprite") == [], "and no picture")
    check(completed(program, "inspect", "spri") == ["sprite.png"], "a name in its place is a file")
    check(completed(program, "sample", "--count", "") == [], "a number is nobody's to guess")


def manual(program):
    page = gzip.decompress(contents(program.path("share/man/man1/spritekiln.1.gz"))).decode().replace("\\-", "-")
    commands = re.findall(r"^  ([a-z-]+) ", program.run("--help").split("Subcommands:")[1], re.MULTILINE)
    check(len(commands) > 8, f"--help lists the commands: {commands}")
    for command in commands:
        check(f".SS \\fBspritekiln {command}\\fR" in page, f"the manual page tells of {command}")
    for flag in re.findall(r"^ +(?:-\w,)?(--[a-z-]+)", program.run("train", "--help"), re.MULTILINE):
        check(flag == "--help" or f"\\fB{flag}\\fR" in page, f"the manual page tells of train {flag}")
    if shutil.which("man"):
        done = subprocess.run(["man", "--warnings", "-l", program.path("share/man/man1/spritekiln.1.gz")], capture_output=True, text=True,
                              env=dict(os.environ, LC_ALL="C.UTF-8", MANPAGER="cat"))
        check(done.returncode == 0 and done.stderr == "", f"man reads it without a warning: {done.stderr}")


def desktop(program):
    for size in (16, 32, 48, 64, 128, 256, 512):
        head = contents(program.path(f"share/icons/hicolor/{size}x{size}/apps/spritekiln.png"))[:24]
        check(head == b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size.to_bytes(4, "big") * 2, f"the icon of {size} pixels is one")
    entry = contents(program.path("share/applications/spritekiln.desktop")).decode()
    kinds = contents(program.path("share/mime/packages/spritekiln.xml")).decode()
    check("Icon=spritekiln\n" in entry, "the desktop entry names the icon")
    named = re.search("MimeType=(.*);", entry).group(1)
    check(f'type="{named}"' in kinds, "the kind of file that it opens is described")
    for tool, arguments in (("appstreamcli", ["validate", "--no-net", program.path("share/metainfo/org.spritekiln.Spritekiln.metainfo.xml")]),
                            ("desktop-file-validate", [program.path("share/applications/spritekiln.desktop")])):
        if shutil.which(tool):
            done = subprocess.run([tool, *arguments], capture_output=True, text=True)
            check(done.returncode == 0, f"{tool}: {done.stdout}{done.stderr}")
    if shutil.which("update-mime-database"):
        kind_of_models(program, named)


def kind_of_models(program, named):
    """What a desktop says of a model file, and of somebody else's weights."""
    if not shutil.which("gio"):
        return
    subprocess.run(["update-mime-database", program.path("share/mime")], check=True, capture_output=True)
    other = program.path("other.safetensors")
    header = b'{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   '
    with open(other, "wb") as file:
        file.write(len(header).to_bytes(8, "little") + header + b"\0\0\0\0")

    def kind(path):
        done = subprocess.run(["gio", "info", "-a", "standard::content-type", path], capture_output=True, text=True,
                              env=dict(program.environment, XDG_DATA_DIRS=program.path("share")))
        return done.stdout.split("standard::content-type:")[-1].split()[0]

    check(kind(program.path(MODEL)) == named, f"a model file is {named}")
    check(kind(other) != named, "other weights are not")


def main():
    build, source, version = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="spritekiln-install-") as folder:
        program = Installed(installed(build, folder), folder)
        no_trace_of(source, program.prefix)
        runs(program, version)
        completion(program)
        manual(program)
        if os.path.exists(program.path("share/applications")):
            desktop(program)
    print("ok")


main()
