# module(PATH [TORCH] [WITHOUT FILE] [DEPENDS …] [LIBRARIES …]): one static library from all sources under PATH, named after it (engine_base).
# TORCH: the module's sources may include torch headers. DEPENDS: the modules it may use; theirs come along.

if(SPRITEKILN_PCH)
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/torch_pch.cpp "")
  add_library(spritekiln_torch_pch OBJECT ${CMAKE_CURRENT_BINARY_DIR}/torch_pch.cpp)
  target_link_libraries(spritekiln_torch_pch PRIVATE spritekiln_options spritekiln_torch)
  target_precompile_headers(spritekiln_torch_pch PRIVATE <ATen/ATen.h> <torch/nn/module.h>)
endif()

function(use_torch target)
  target_link_libraries(${target} PRIVATE spritekiln_torch)
  if(SPRITEKILN_PCH)
    target_precompile_headers(${target} REUSE_FROM spritekiln_torch_pch)
  endif()
endfunction()

function(module path)
  cmake_parse_arguments(MODULE "TORCH" "WITHOUT" "DEPENDS;LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" name ${path})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${path}/*.cpp ${CMAKE_SOURCE_DIR}/${path}/*.h)
  if(MODULE_WITHOUT)  # the source of a program or module made from the module
    list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/${path}/${MODULE_WITHOUT})
  endif()
  if(NOT sources MATCHES "\\.cpp")
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  else()
    add_library(${name} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${name} PRIVATE spritekiln_options ${MODULE_LIBRARIES_PRIVATE})
    if(MODULE_TORCH)
      use_torch(${name})
      set_property(GLOBAL APPEND PROPERTY SPRITEKILN_TORCH_MODULES ${path})
    else()
      set_property(GLOBAL APPEND PROPERTY SPRITEKILN_PLAIN_MODULES ${path})
    endif()
  endif()
  list(TRANSFORM MODULE_DEPENDS REPLACE "/" "_")
  target_link_libraries(${name} ${scope} ${MODULE_DEPENDS})
  if(MODULE_LIBRARIES AND scope STREQUAL PUBLIC)
    target_link_libraries(${name} ${MODULE_LIBRARIES})
  endif()
endfunction()

# generated/api_stamp.h, by which the program knows that an engine module was built with it: made again when a header they share changes.
file(GLOB api_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/engine/api/*.h ${CMAKE_SOURCE_DIR}/engine/base/*.h)
list(JOIN api_headers "|" joined_headers)
set(SPRITEKILN_API_STAMP ${CMAKE_BINARY_DIR}/generated/api_stamp.h)
add_custom_command(OUTPUT ${SPRITEKILN_API_STAMP}
                   COMMAND ${CMAKE_COMMAND} -DOUT=${SPRITEKILN_API_STAMP} "-DHEADERS=${joined_headers}" -P ${CMAKE_SOURCE_DIR}/cmake/ApiStamp.cmake
                   DEPENDS ${api_headers} ${CMAKE_SOURCE_DIR}/cmake/ApiStamp.cmake VERBATIM)
