# Training in several processes, by LibTorch's c10d over Gloo: where LibTorch was built with both and their headers are here. NCCL
# beside it where a CUDA LibTorch has it, and nccl.h is here.
option(SPRITEKILN_DISTRIBUTED "Training in several processes, where LibTorch has c10d and Gloo" ON)
include(CheckCXXSourceCompiles)
if(SPRITEKILN_DISTRIBUTED)
  set(CMAKE_REQUIRED_LIBRARIES ${TORCH_LIBRARIES})
  set(CMAKE_REQUIRED_FLAGS "${TORCH_CXX_FLAGS} -std=c++20")
  check_cxx_source_compiles("
    #include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
    #include <torch/csrc/distributed/c10d/TCPStore.hpp>
    #ifndef USE_C10D_GLOO
    #error this LibTorch has no Gloo
    #endif
    int main() { return c10d::ProcessGroupGloo::createDefaultDevice() == nullptr; }" SPRITEKILN_HAS_C10D_GLOO)
  check_cxx_source_compiles("
    #include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
    #ifndef USE_C10D_NCCL
    #error this LibTorch has no NCCL
    #endif
    int main() { return c10d::ProcessGroupNCCL::Options::create() == nullptr; }" SPRITEKILN_HAS_C10D_NCCL)
  unset(CMAKE_REQUIRED_LIBRARIES)
  unset(CMAKE_REQUIRED_FLAGS)
endif()
if(SPRITEKILN_HAS_C10D_GLOO)
  set(definitions SPRITEKILN_DISTRIBUTED=1)
  if(SPRITEKILN_HAS_C10D_NCCL)
    list(APPEND definitions SPRITEKILN_NCCL=1)
  endif()
  # This file alone: its macro must not part it from the others' precompiled header.
  set_source_files_properties(engine/training/process_group.cpp PROPERTIES COMPILE_DEFINITIONS "${definitions}"
                              SKIP_PRECOMPILE_HEADERS ON)
else()
  message(STATUS "Spritekiln: training in one process only: LibTorch's c10d or Gloo is missing (Debian: libgloo-dev)")
endif()
