# Copies compile_commands.json from -DFROM=… to -DTO=…, without precompiled headers.
file(READ ${FROM}/compile_commands.json commands)
string(REGEX REPLACE " -Winvalid-pch| -include [^ ]*cmake_pch\\.hxx" "" commands "${commands}")
file(WRITE ${TO}/compile_commands.json "${commands}")
