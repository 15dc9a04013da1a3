# engine/inference's CPU plan calls oneDNN directly; without it, sampling runs through LibTorch alone. A PyTorch wheel carries its own
# oneDNN inside: a second one beside it is fine where the wheel hides its symbols, else switch this off.
option(SPRITEKILN_ONEDNN "The CPU plan, where oneDNN is found" ON)
find_path(ONEDNN_INCLUDE_DIR oneapi/dnnl/dnnl.hpp)
find_library(ONEDNN_LIBRARY dnnl)
find_package(OpenMP COMPONENTS CXX)
mark_as_advanced(ONEDNN_INCLUDE_DIR ONEDNN_LIBRARY)
if(SPRITEKILN_ONEDNN AND ONEDNN_INCLUDE_DIR AND ONEDNN_LIBRARY AND OpenMP_CXX_FOUND)
  target_compile_definitions(engine_inference PUBLIC SPRITEKILN_ONEDNN=1)
  target_include_directories(engine_inference SYSTEM PUBLIC ${ONEDNN_INCLUDE_DIR})
  target_link_libraries(engine_inference PRIVATE ${ONEDNN_LIBRARY} OpenMP::OpenMP_CXX)
  set_target_properties(engine_inference PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)  # made without OpenMP's macro
else()
  message(STATUS "Spritekiln: no oneDNN, so sampling on the CPU will be several times slower (Debian: libdnnl-dev)")
endif()
