"""What is compiled for an instruction set that not every CPU has must not run on others: instruction_sets_test.py PROGRAM"""

import pathlib
import re
import subprocess
import sys

build = pathlib.Path(sys.argv[1]).resolve().parent
objects = sorted(build.glob("CMakeFiles/engine_network.dir/engine/network/kernels/*_avx*.o"))
assert len(objects) >= 14, f"the kernels' objects are not in {build}"


def code_seen(of):
    """Names that lead into its code without a look at the CPU: functions that others can call, templates and inline functions of
    which the linker takes any file's, and what runs when the program starts."""
    names = subprocess.run(["nm", "-C", of], check=True, capture_output=True, text=True).stdout
    return re.findall(r"^\S* +(?:[TWViu] .*|[Tt] _GLOBAL_.*)$", names, re.M)


for each in objects:
    assert not code_seen(each), f"{each.name}: {code_seen(each)}"
assert code_seen(build / "CMakeFiles/engine_network.dir/engine/network/kernels/isa.cpp.o"), "nm tells of no code at all"
print(len(objects), "objects lend data alone")
