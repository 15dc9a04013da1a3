# The target `tidy`: clang-tidy over every file of engine and app, with .clang-tidy's checks; a finding fails it.
find_program(RUN_CLANG_TIDY NAMES run-clang-tidy)
find_program(CLANG_TIDY NAMES clang-tidy)
mark_as_advanced(RUN_CLANG_TIDY CLANG_TIDY)
if(NOT RUN_CLANG_TIDY OR NOT CLANG_TIDY)
  return()
endif()

# clang takes neither GCC's precompiled headers nor torch's headers in C++20 without this one before them.
get_property(torch_modules GLOBAL PROPERTY SPRITEKILN_TORCH_MODULES)
get_property(plain_modules GLOBAL PROPERTY SPRITEKILN_PLAIN_MODULES)
list(JOIN torch_modules "|" torch_modules)
list(JOIN plain_modules "|" plain_modules)
set(clang_tidy ${RUN_CLANG_TIDY} -quiet -p ${CMAKE_BINARY_DIR}/tidy -extra-arg=-Wno-unknown-warning-option)
add_custom_target(tidy
  COMMAND ${CMAKE_COMMAND} -DFROM=${CMAKE_BINARY_DIR} -DTO=${CMAKE_BINARY_DIR}/tidy -P ${CMAKE_SOURCE_DIR}/cmake/TidyCommands.cmake
  COMMAND ${clang_tidy} "^${CMAKE_SOURCE_DIR}/(${plain_modules}|app/main)"
  COMMAND ${clang_tidy} -extra-arg-before=-includeATen/core/ivalue.h "^${CMAKE_SOURCE_DIR}/(${torch_modules})/"
  DEPENDS ${SPRITEKILN_API_STAMP} VERBATIM USES_TERMINAL)
if(SPRITEKILN_APP)
  add_dependencies(tidy embedded_shaders glad)
endif()
